package io.bitdelta.node.cli.soup;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.soup.SoupRegister;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code soup list}. */
@Command(
        name = "list",
        description = "All soups on the registry that this node follows, oldest first, with where they stand.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta soup list --json"})
final class SoupList implements Callable<Integer> {
    private static final int PAGE = 500;

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        List<SoupRegister.Entry> found = where.ask(SoupList::told, SoupList::looked);
        output.result(Map.of("soups", found.stream().map(SoupList::row).toList()), out -> {
            found.forEach(soup -> out.printf(
                    "%s %-9s %s members, by %s%n", soup.id(), soup.status(), soup.members(), soup.proposer()));
            if (found.isEmpty()) {
                out.println("no soups");
            }
        });
        return ExitCode.OK;
    }

    private static Map<String, Object> row(SoupRegister.Entry entry) {
        Map<String, Object> soup = new LinkedHashMap<>();
        soup.put("soupId", entry.id());
        soup.put("status", entry.status());
        soup.put("proposer", entry.proposer());
        soup.put("members", entry.members());
        soup.put("baseHash", entry.baseHash());
        soup.put("block", entry.block());
        return soup;
    }

    private static List<SoupRegister.Entry> told(ApiClient node) {
        List<SoupRegister.Entry> soups = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = node.get("/api/soups?limit=" + PAGE + (next.isEmpty() ? "" : "&cursor=" + next));
            page.path("soups")
                    .forEach(soup -> soups.add(JsonMapper.shared().treeToValue(soup, SoupRegister.Entry.class)));
            next = page.path("next").asString("");
        } while (!next.isEmpty());
        return soups;
    }

    private static List<SoupRegister.Entry> looked(LocalNode node) throws IOException {
        node.catchUp();
        SoupRegister register = new SoupRegister(node.database());
        List<SoupRegister.Entry> soups = new ArrayList<>();
        List<SoupRegister.Entry> page = register.page("", PAGE);
        while (!page.isEmpty()) {
            soups.addAll(page);
            page = register.page(page.getLast().cursor(), PAGE);
        }
        return soups;
    }
}
