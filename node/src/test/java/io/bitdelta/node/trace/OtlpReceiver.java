package io.bitdelta.node.trace;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector: takes OTLP over HTTP on loopback and reads the spans out of the protobuf messages. */
final class OtlpReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Seen> spans = new CopyOnWriteArrayList<>();

    /** A span as it came; ids in hex. */
    record Seen(String trace, String id, String parent, String name, long kind, Map<String, String> attributes) {}

    OtlpReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            read(ByteBuffer.wrap(exchange.getRequestBody().readAllBytes()).order(ByteOrder.LITTLE_ENDIAN));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:%d/v1/traces".formatted(server.getAddress().getPort());
    }

    List<Seen> spans() {
        return List.copyOf(spans);
    }

    /** ExportTraceServiceRequest, down to spans: field numbers of opentelemetry-proto. */
    private void read(ByteBuffer request) {
        for (Field resource : fields(request)) {
            for (Field scope : fields(resource.bytes())) {
                if (scope.number() == 2) {
                    for (Field span : fields(scope.bytes())) {
                        if (span.number() == 2) {
                            spans.add(span(span.bytes()));
                        }
                    }
                }
            }
        }
    }

    private static Seen span(ByteBuffer message) {
        String[] ids = {"", "", "", "", ""};
        long kind = 0;
        Map<String, String> attributes = new LinkedHashMap<>();
        for (Field field : fields(message)) {
            switch (field.number()) {
                case 1, 2, 4 -> ids[field.number()] = HexFormat.of().formatHex(array(field.bytes()));
                case 5 -> ids[0] = text(field.bytes());
                case 6 -> kind = field.number64();
                case 9 -> attribute(field.bytes(), attributes);
                default -> {
                    // Times and status are not looked at.
                }
            }
        }
        return new Seen(ids[1], ids[2], ids[4], ids[0], kind, attributes);
    }

    private static void attribute(ByteBuffer message, Map<String, String> attributes) {
        String key = "";
        String value = "";
        for (Field field : fields(message)) {
            if (field.number() == 1) {
                key = text(field.bytes());
            } else {
                for (Field any : fields(field.bytes())) {
                    value = any.number() == 1 ? text(any.bytes()) : Long.toString(any.number64());
                }
            }
        }
        attributes.put(key, value);
    }

    /** One field: its bytes, or its number. */
    private record Field(int number, ByteBuffer bytes, long number64) {}

    private static List<Field> fields(ByteBuffer message) {
        List<Field> fields = new ArrayList<>();
        ByteBuffer rest = message.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (rest.hasRemaining()) {
            long tag = varint(rest);
            int number = (int) (tag >>> 3);
            ByteBuffer none = ByteBuffer.allocate(0);
            switch ((int) (tag & 7)) {
                case 0 -> fields.add(new Field(number, none, varint(rest)));
                case 1 -> fields.add(new Field(number, none, rest.getLong()));
                case 5 -> fields.add(new Field(number, none, rest.getInt()));
                case 2 -> {
                    int length = (int) varint(rest);
                    fields.add(new Field(number, rest.slice(rest.position(), length), 0));
                    rest.position(rest.position() + length);
                }
                default -> throw new AssertionError("no protobuf: tag " + tag);
            }
        }
        return fields;
    }

    private static long varint(ByteBuffer from) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = from.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static byte[] array(ByteBuffer bytes) {
        byte[] array = new byte[bytes.remaining()];
        bytes.duplicate().get(array);
        return array;
    }

    private static String text(ByteBuffer bytes) {
        return new String(array(bytes), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
