package io.bitdelta.node.cli.privacy;

import io.bitdelta.engine.privacy.BudgetLedger;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code privacy budget}. */
@Command(
        name = "budget",
        description = "Create a user's privacy budget, lower it, or show what is left of it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta privacy budget --ledger alice.ledger --epsilon 8 --delta 1e-5",
            "  bitdelta privacy budget --ledger alice.ledger"
        })
final class PrivacyBudget implements Callable<Integer> {
    @Option(names = "--ledger", required = true, description = "The budget's file.")
    private Path ledger;

    @Option(names = "--epsilon", description = "All that runs may spend together; may be lowered later, never raised.")
    private @Nullable Double epsilon;

    @Option(names = "--delta", description = "Likewise of delta (default: 1e-5).")
    private @Nullable Double delta;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    PrivacyBudget() {}

    @Override
    public Integer call() throws Exception {
        if (epsilon == null) {
            if (delta != null) {
                throw CommandException.usage("--delta needs --epsilon");
            }
            try (BudgetLedger open = BudgetLedger.open(ledger)) {
                show(open);
            }
            return 0;
        }
        BudgetLedger.Amount cap = BudgetLedger.Amount.of(epsilon, delta == null ? 1e-5 : delta);
        if (Files.exists(ledger)) {
            try (BudgetLedger open = BudgetLedger.open(ledger)) {
                open.lowerCap(cap);
                show(open);
            }
        } else {
            try (BudgetLedger created = BudgetLedger.create(ledger, cap)) {
                show(created);
            }
        }
        return 0;
    }

    private void show(BudgetLedger open) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("epsilon", open.cap().epsilon());
        result.put("delta", open.cap().delta());
        result.put("epsilonLeft", open.left().epsilon());
        result.put("deltaLeft", open.left().delta());
        result.put("runs", open.runs());
        output.result(result, text -> {
            text.printf(
                    "budget     epsilon %s, delta %s%n",
                    open.cap().epsilon(), open.cap().delta());
            text.printf(
                    "left       epsilon %s, delta %s%n",
                    open.left().epsilon(), open.left().delta());
            text.printf("runs       %d%n", open.runs());
        });
    }
}
