/**
 * The OpenAPI document as the server reads it: which operations there are, who may call them, what they take and answer.
 *
 * <p>Entry: {@link io.bitdelta.node.api.contract.Contract}. The document is {@code openapi.yaml} beside the server's
 * resources; it knows neither HTTP connections nor services. Extensions: {@code x-access} (who may call), {@code x-scopes},
 * {@code x-owner} (which parameter names the owner), {@code x-max-bytes} (of a body).
 */
@NullMarked
package io.bitdelta.node.api.contract;

import org.jspecify.annotations.NullMarked;
