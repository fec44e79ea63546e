/**
 * How this module writes to disk: whole files or none, made durable before they are acknowledged, and locks that hold
 * between threads and between processes. Not exported.
 */
@NullMarked
package io.bitdelta.ipfs.disk;

import org.jspecify.annotations.NullMarked;
