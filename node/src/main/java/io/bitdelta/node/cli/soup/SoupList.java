package io.bitdelta.node.cli.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.lookup.SoupRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code soup list}. */
@Command(
        name = "list",
        description = "All soups on the registry that this node follows, oldest first, with where they stand.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta soup list --json"})
final class SoupList implements Callable<Integer> {
    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (LocalNode node = local.open()) {
            node.indexer().catchUp();
            List<Map<String, Object>> soups = new ArrayList<>();
            for (SoupRecord record : node.soupLookup().all()) {
                Map<String, Object> soup = new LinkedHashMap<>();
                soup.put("soupId", record.soupId());
                soup.put(
                        "status",
                        node.soups()
                                .status(Bytes32.of(record.soupId()))
                                .status()
                                .toString()
                                .toLowerCase(Locale.ROOT));
                soup.put("proposer", record.proposer());
                soup.put("members", record.members());
                soup.put("baseHash", record.baseHash());
                soup.put("block", record.block());
                soups.add(soup);
            }
            output.result(Map.of("soups", soups), out -> {
                soups.forEach(soup -> out.printf(
                        "%s %-9s %s members, by %s%n",
                        soup.get("soupId"), soup.get("status"), soup.get("members"), soup.get("proposer")));
                if (soups.isEmpty()) {
                    out.println("no soups");
                }
            });
            return ExitCode.OK;
        }
    }
}
