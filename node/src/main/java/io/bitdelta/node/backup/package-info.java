/**
 * Backups: what a node cannot rebuild from the chain, in one file, whichever database it uses.
 *
 * <p>Entry: {@link io.bitdelta.node.backup.Backup} writes, {@link io.bitdelta.node.backup.Restore} reads. A backup is a zip of
 * {@code backup.json} (what it is, SHA-256 of each other entry), {@code database.sqlite}, {@code deployments/*.json} and the
 * configuration. It never holds keys, and says which ones have to be kept elsewhere.
 */
@NullMarked
package io.bitdelta.node.backup;

import org.jspecify.annotations.NullMarked;
