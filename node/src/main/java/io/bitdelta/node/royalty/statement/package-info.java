/**
 * Statements: what an identity earned and drew in a period, line by line, from an opening to a closing balance.
 *
 * <p>Entry: {@link io.bitdelta.node.royalty.statement.Statements}. Periods are cut by block time in UTC; the same chain
 * gives the same bytes, as CSV (RFC 4180) and as JSON.
 */
@NullMarked
package io.bitdelta.node.royalty.statement;

import org.jspecify.annotations.NullMarked;
