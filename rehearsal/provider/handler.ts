import type { StatusObject } from "@grpc/grpc-js";

/** Gives one call its answer: an error or a response. */
export type Answer<Response> = (error: Partial<StatusObject> | null, response?: Response) => void;

/** Answers the calls of one method. */
export type Handler<Request, Response> = (call: { request: Request }, answer: Answer<Response>) => void;
