/**
 * Who calls, and what they may do.
 *
 * <p>Entry: {@link io.bitdelta.node.auth.CallerRecords} finds the principal of a credential. People log in by signing a
 * message (EIP-4361, {@link io.bitdelta.node.auth.Sessions}) and get a token for an hour; programs hold API keys
 * ({@link io.bitdelta.node.auth.ApiKeys}), of which only hashes are stored; owners lend a scope to somebody else by signing
 * a grant ({@link io.bitdelta.node.auth.Grants}). Nothing here logs or returns a secret twice.
 */
@NullMarked
package io.bitdelta.node.auth;

import org.jspecify.annotations.NullMarked;
