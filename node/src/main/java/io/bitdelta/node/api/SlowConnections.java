package io.bitdelta.node.api;

import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Closes connections that keep the server waiting for the headers of a request, however many bytes they trickle. One
 * instance per event loop, used on it alone.
 */
final class SlowConnections {
    private final long patience;
    private final LongSupplier nanos;
    private final Map<HttpConnection, State> open = new HashMap<>();

    private static final class State {
        int working;
        long waitingSince;
    }

    /** @param patience nanoseconds between a connection's opening or its last answer and whole headers */
    SlowConnections(long patience, LongSupplier nanos) {
        this.patience = patience;
        this.nanos = nanos;
    }

    void opened(HttpConnection connection) {
        State state = new State();
        state.waitingSince = nanos.getAsLong();
        open.put(connection, state);
        connection.closeHandler(closed -> open.remove(connection));
    }

    void began(HttpConnection connection) {
        State state = open.get(connection);
        if (state != null) {
            state.working++;
        }
    }

    void ended(HttpConnection connection) {
        State state = open.get(connection);
        if (state != null) {
            state.working--;
            state.waitingSince = nanos.getAsLong();
        }
    }

    /** Closes what has waited too long. */
    void sweep() {
        long now = nanos.getAsLong();
        List<HttpConnection> late = new ArrayList<>();
        open.forEach((connection, state) -> {
            if (state.working == 0 && now - state.waitingSince > patience) {
                late.add(connection);
            }
        });
        late.forEach(HttpConnection::close);
    }
}
