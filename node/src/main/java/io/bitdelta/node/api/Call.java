package io.bitdelta.node.api;

import io.bitdelta.node.auth.Principal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** One request that matches the contract. Parameters have been checked against their schemas; absent ones have the schema's default. */
public interface Call {
    /** The operation of the contract. */
    String operationId();

    /** Names this request in logs, answers and traces. */
    String requestId();

    /** Who calls; {@link Principal#anonymous()} where the contract lets anyone in. */
    Principal principal();

    /** The client's address as far as it can be known. */
    String remoteAddress();

    /** The media type of the answer that the client prefers among those the contract offers. */
    String accepted();

    /** A path parameter, decoded. */
    String path(String name);

    /** A query parameter, decoded. */
    Optional<String> query(String name);

    /** A query parameter of the contract's type integer. */
    OptionalLong queryNumber(String name);

    /** The values of a query parameter of the contract's type array, in order. */
    List<String> queryAll(String name);

    /** A header that the contract declares. */
    Optional<String> header(String name);

    /**
     * The JSON body as a value.
     *
     * @throws Problem 400 naming the field when the type refuses what the schema let through
     */
    <T> T body(Class<T> type);

    /** The JSON body as a tree. */
    JsonNode json();

    /** A text field of a multipart body. */
    Optional<String> field(String name);

    /** A file of a multipart body. */
    Optional<Upload> upload(String name);
}
