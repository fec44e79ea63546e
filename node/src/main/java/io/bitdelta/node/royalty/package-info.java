/**
 * Royalties: paying soups, claiming what their contributors earned, metering use into vouchers and settling them.
 *
 * <p>Entry: {@link io.bitdelta.node.royalty.Royalties}. Amounts are exact integers in a token's smallest unit. Whatever is
 * sent goes through the outbox under a purpose that names what had happened before it, so a repeated request after a
 * crash pays nobody twice. Nothing here is believed that the contract's events or the soups' roots do not bind.
 */
@NullMarked
package io.bitdelta.node.royalty;

import org.jspecify.annotations.NullMarked;
