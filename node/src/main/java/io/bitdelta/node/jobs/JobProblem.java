package io.bitdelta.node.jobs;

/**
 * Why a job was given up, in the form of a problem document (RFC 9457).
 *
 * @param slug the kind, lowercase words joined with hyphens
 * @param status the HTTP status that tells it best
 * @param detail what, and what to do
 */
public record JobProblem(String slug, int status, String detail) {}
