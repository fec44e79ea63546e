/**
 * Royalties as people and programs read them, the same over HTTP and on the command line. Amounts are decimal text of the
 * smallest unit; beside them stand the token's decimals and the amount in whole tokens. Hashes and addresses are lowercase
 * 0x-hex, times RFC 3339 in UTC.
 */
@NullMarked
package io.bitdelta.node.royalty.view;

import org.jspecify.annotations.NullMarked;
