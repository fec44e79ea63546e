package io.bitdelta.node.api;

import java.nio.file.Path;

/**
 * A file that came with a request. It is deleted when the handler returns.
 *
 * @param file where its bytes are, in the node's work folder
 * @param fileName what the client calls it; to be shown, never to be used as a path
 * @param bytes its size
 */
public record Upload(Path file, String fileName, long bytes) {}
