export { buildOpenApi } from './openapi.ts';
export { type Door, type HttpServer, openHttp } from './server.ts';
