export { dashboardDoor } from './dashboard.ts';
export { signInDoor } from './sign-in.ts';
