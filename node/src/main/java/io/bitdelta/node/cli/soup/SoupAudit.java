package io.bitdelta.node.cli.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.soup.dispute.Challenger;
import io.bitdelta.node.soup.dispute.Dossier;
import io.bitdelta.node.soup.dispute.Place;
import io.bitdelta.node.soup.dispute.Recount;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code soup audit}. */
@Command(
        name = "audit",
        description = {
            "Recount a proposed soup from its members' deltas. Exit code 3 when it is not their vote, or when something that"
                    + " its proposer must publish is withheld.",
            "With --challenge, a wrong soup is challenged on chain with a bond of this node's relayer; run the same command"
                    + " again to rebut a forged answer, or to end a case that nobody answered."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta soup audit 0x1111... --challenge"})
final class SoupAudit implements Callable<Integer> {
    @Parameters(paramLabel = "SOUP", description = "The soup's id.")
    private Bytes32 soupId = Bytes32.ZERO;

    @Option(names = "--challenge", description = "Challenge it where it is wrong.")
    private boolean challenge;

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (LocalNode node = local.open()) {
            node.indexer().catchUp();
            try (Dossier dossier = node.dossiers().read(soupId)) {
                Optional<Place> wrong = Recount.firstWrongWord(dossier);
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("soupId", soupId.hex());
                json.put("ok", wrong.isEmpty());
                json.put("members", dossier.header().members());
                wrong.ifPresent(place -> json.put("wrong", place.toString()));
                if (wrong.isPresent() && challenge) {
                    json.put("challenge", hold(node, dossier, wrong.get()));
                }
                output.result(json, out -> json.forEach((name, value) -> out.printf("%-10s %s%n", name, value)));
                return wrong.isEmpty() ? ExitCode.OK : ExitCode.DOES_NOT_HOLD;
            }
        }
    }

    private static String hold(LocalNode node, Dossier dossier, Place wrong) {
        Challenger.Challenge demanded = node.challenger().challenge(dossier, wrong);
        long block = demanded.transaction().block();
        return switch (node.challenger().pursue(demanded.caseId(), dossier, block)) {
            case Challenger.Progress.Slashed slashed -> {
                node.challenger().withdraw(dossier.soupId());
                yield "slashed: %s, tx %s"
                        .formatted(slashed.how(), slashed.transaction().hash());
            }
            case Challenger.Progress.Waiting waiting ->
                "case %d, bond %s wei, tx %s; its proposer may answer until block time %d, then run this again"
                        .formatted(
                                demanded.caseId(),
                                demanded.bond(),
                                demanded.transaction().hash(),
                                waiting.deadline());
            case Challenger.Progress.Answered answered -> "case %d: no forged word".formatted(demanded.caseId());
            case Challenger.Progress.Closed closed ->
                "case %d is closed: %s".formatted(demanded.caseId(), closed.status());
        };
    }
}
