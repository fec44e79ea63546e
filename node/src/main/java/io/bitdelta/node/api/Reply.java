package io.bitdelta.node.api;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer.
 *
 * @param status 200 to 399; above that only where another standard than RFC 9457 says how a refusal looks
 * @param headers of the response, beside those that the server sets
 * @param body what is sent
 */
public record Reply(int status, Map<String, String> headers, Body body) {
    /** What is sent. */
    public sealed interface Body {}

    /** Nothing. */
    public record Nothing() implements Body {}

    /**
     * A record, map or tree, written as JSON.
     *
     * @param mediaType {@code application/json} or another type whose syntax is JSON
     */
    public record Json(String mediaType, Object value) implements Body {}

    /** Bytes that are there already. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Bytes(String mediaType, byte[] content) implements Body {}

    /** Bytes that are written while they are made. */
    public record Stream(String mediaType, Writer writer) implements Body {}

    /** Server-sent events, until the source returns or the client leaves. */
    public record Events(EventSource source) implements Body {}

    /** Writes a body; runs on a virtual thread, writes block while the client is slow. */
    @FunctionalInterface
    public interface Writer {
        /**
         * Writes the whole body.
         *
         * @throws IOException also when the client has left
         */
        void write(OutputStream out) throws IOException;
    }

    /** Sends events; runs on a virtual thread. */
    @FunctionalInterface
    public interface EventSource {
        /**
         * Sends events until there are no more.
         *
         * @throws IOException also when the client has left
         */
        void run(EventSink sink) throws IOException;
    }

    /** Where events go. */
    public interface EventSink {
        /**
         * Sends one event and waits until the client takes it.
         *
         * @param id for {@code Last-Event-ID}; without line breaks
         * @param event its kind; without line breaks
         * @param data written as one line of JSON
         * @throws IOException when the client has left
         */
        void send(String id, String event, Object data) throws IOException;

        /** Whether the client still listens and the node goes on. */
        boolean open();
    }

    /** Checks the status and keeps a copy of the headers. */
    public Reply {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("%d is no status of an answer".formatted(status));
        }
        headers = Map.copyOf(headers);
    }

    /** 200 with JSON. */
    public static Reply ok(Object value) {
        return json(200, value);
    }

    /** JSON. */
    public static Reply json(int status, Object value) {
        return new Reply(status, Map.of(), new Json("application/json", value));
    }

    /** JSON of a type of its own. */
    public static Reply json(int status, String mediaType, Object value) {
        return new Reply(status, Map.of(), new Json(mediaType, value));
    }

    /** 204. */
    public static Reply nothing() {
        return new Reply(204, Map.of(), new Nothing());
    }

    /** 200 with bytes. */
    public static Reply bytes(String mediaType, byte[] content) {
        return new Reply(200, Map.of(), new Bytes(mediaType, content));
    }

    /** Bytes, with any status. */
    public static Reply bytes(int status, String mediaType, byte[] content) {
        return new Reply(status, Map.of(), new Bytes(mediaType, content));
    }

    /** 200 with bytes that are written while they are made. */
    public static Reply stream(String mediaType, Writer writer) {
        return new Reply(200, Map.of(), new Stream(mediaType, writer));
    }

    /** 200 with server-sent events. */
    public static Reply events(EventSource source) {
        return new Reply(200, Map.of(), new Events(source));
    }

    /** The same with its JSON written out, for an answer that is given more than once. */
    Reply rendered() {
        return body instanceof Json json
                ? new Reply(status, headers, new Bytes(json.mediaType(), io.bitdelta.node.api.Json.write(json.value())))
                : this;
    }

    /** The same with another header. */
    public Reply withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, body);
    }
}
