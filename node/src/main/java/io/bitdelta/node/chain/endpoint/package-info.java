/**
 * Several JSON-RPC endpoints of one chain, none of which is believed alone.
 *
 * <p>Entry: {@link io.bitdelta.node.chain.endpoint.EndpointPool}. Requests go to one endpoint; the others are asked now and
 * then for the same things. One that fails, lags, is on another chain or tells another history is left, and taken back
 * after good answers. While endpoints disagree and nobody can tell who is right, nothing is signed.
 */
@NullMarked
package io.bitdelta.node.chain.endpoint;

import org.jspecify.annotations.NullMarked;
