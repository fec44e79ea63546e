package io.bitdelta.node.api.lookup;

import io.bitdelta.node.api.Call;
import io.bitdelta.node.api.Problem;
import io.bitdelta.node.lookup.ChainPosition;
import io.bitdelta.node.lookup.Page;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where a page begins and how long it is; cursors are places in the chain, so they stay what they are. */
final class Paging {
    private static final int USUAL = 50;

    private Paging() {}

    static ChainPosition after(Call call) {
        Optional<String> text = call.query("after");
        return text.map(cursor -> ChainPosition.parse(cursor)
                        .orElseThrow(() -> Problem.invalid("query", "/after", "a cursor of an earlier page is needed")))
                .orElse(ChainPosition.START);
    }

    static int limit(Call call) {
        return (int) Math.min(Page.MOST, call.queryNumber("limit").orElse(USUAL));
    }

    /** Whether this is the page that most ask for: from the beginning, of the usual length. */
    static boolean first(Call call) {
        return call.query("after").isEmpty() && limit(call) == USUAL;
    }

    static <T> Map<String, Object> body(Page<T> page) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("items", page.items());
        page.next().ifPresent(next -> body.put("next", next.toString()));
        return body;
    }
}
