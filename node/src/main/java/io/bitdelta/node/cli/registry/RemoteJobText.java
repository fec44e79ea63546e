package io.bitdelta.node.cli.registry;

import io.bitdelta.node.client.RemoteJob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What commands show of a job that has succeeded: the results of its steps, by name of the member. */
final class RemoteJobText {
    private RemoteJobText() {}

    static Map<String, Object> of(RemoteJob job) {
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("job", job.id());
        for (String step : List.of("prepared", "attested", "confirmed")) {
            job.result(step)
                    .ifPresent(result -> result.properties().forEach(member -> {
                        if (!member.getKey().equals("typedData")) {
                            results.put(member.getKey(), member.getValue());
                        }
                    }));
        }
        return results;
    }
}
