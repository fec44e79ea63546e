package io.bitdelta.node.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.chain.OutboxEntry;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobRun;
import io.bitdelta.node.lookup.DeltaLookup;
import io.bitdelta.node.publish.SigningRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The job of a soup, from its members to its last challenge: ask their owners, mix, propose with a bond, wait out the
 * challenge window, make it final. Steps: {@code asked} (with what each owner signs), {@code consents}, {@code proposed},
 * {@code final}.
 */
public final class SoupJob implements JobKind {
    /** Its name. */
    public static final String NAME = "propose-soup";

    /** What it waits for after {@code asked}. */
    public static final String CONSENTS = "consents";

    private static final JsonMapper JSON = JsonMapper.shared();
    /** The contract's error while challenges are undecided. */
    private static final String OPEN_CASES = "CasesOpen";

    private static final String PROPOSED = "proposed";
    private static final String FINAL = "final";

    private final SoupService soups;
    private final PublishedContent published;
    private final ContentStore content;
    private final DeltaLookup deltas;
    private final Path work;
    private final Duration lookAgain;

    /**
     * @param published brings members' files here, and keeps them for the case of a challenge
     * @param deltas knows the members' base
     * @param work folder for files on their way
     * @param lookAgain longest pause between two looks at the challenge window
     */
    public SoupJob(
            SoupService soups,
            PublishedContent published,
            ContentStore content,
            DeltaLookup deltas,
            Path work,
            Duration lookAgain) {
        this.soups = soups;
        this.published = published;
        this.content = content;
        this.deltas = deltas;
        this.work = work;
        this.lookAgain = lookAgain;
    }

    /**
     * What a job of this kind is asked.
     *
     * @param name what the soup is called towards the owners
     */
    public static ObjectNode input(String name, List<Bytes32> members) {
        ObjectNode input = JSON.createObjectNode().put("name", name);
        ArrayNode ids = input.putArray("members");
        members.stream().map(Bytes32::hex).sorted().forEach(ids::add);
        return input;
    }

    /** What a job's consents are kept under. */
    public static String intent(String jobId) {
        return "job " + jobId;
    }

    /** The job that an intent belongs to. */
    public static String jobId(String intent) {
        return intent.substring("job ".length());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> steps() {
        return List.of("asked", CONSENTS, PROPOSED, FINAL);
    }

    @Override
    public Outcome run(JobRun run) throws IOException {
        if (run.result(PROPOSED).isEmpty()) {
            List<Bytes32> members = StreamSupport.stream(
                            run.input().path("members").spliterator(), false)
                    .map(JsonNode::asString)
                    .map(Bytes32::of)
                    .toList();
            long wait = soups.readyAt(members) - soups.chainTime();
            if (wait > 0) {
                return new Outcome.Later(pause(wait), "members' publications settle");
            }
            List<ConsentRequest> requests = soups.consents()
                    .ask(intent(run.id()), run.input().path("name").asString(), members, base(members));
            run.record("asked", asked(requests));
            if (!requests.stream().allMatch(ConsentRequest::given)) {
                return new Outcome.Waiting(CONSENTS);
            }
            propose(run, members);
        }
        return finish(run);
    }

    private Bytes32 base(List<Bytes32> members) {
        Set<String> bases = new LinkedHashSet<>();
        for (Bytes32 member : members) {
            bases.add(deltas.byId(member)
                    .orElseThrow(() -> new SoupRefusedException("%s is not in the registry".formatted(member)))
                    .baseHash());
        }
        if (bases.size() != 1) {
            throw new SoupRefusedException("the members rest on %d different bases: %s".formatted(bases.size(), bases));
        }
        return Bytes32.of(bases.iterator().next());
    }

    private ObjectNode asked(List<ConsentRequest> requests) {
        ObjectNode step = JSON.createObjectNode();
        ArrayNode members = step.putArray("members");
        for (ConsentRequest request : requests) {
            ObjectNode member = members.addObject();
            member.put("deltaId", request.message().deltaId().hex());
            member.put("identity", request.identity().hex());
            member.put("deadline", request.message().deadline());
            member.set(
                    "typedData",
                    JSON.valueToTree(SigningRequest.of(
                            request.message(), soups.consents().domain())));
        }
        return step;
    }

    private void propose(JobRun run, List<Bytes32> ids) throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create(work, "soup-")) {
            List<SoupMember> members = new ArrayList<>();
            for (Bytes32 id : ids) {
                Path file = folder.path().resolve(id.hex());
                content.fetch(cid(id, run.id()), file);
                members.add(new SoupMember(id, file));
            }
            SoupService.Proposed soup =
                    soups.propose(intent(run.id()), members, folder.path().resolve("soup"));
            run.record(
                    PROPOSED,
                    mined(soup.transaction())
                            .put("soup", soup.soupId().hex())
                            .put("cid", soup.cid())
                            .put("fileHash", soup.fileHash())
                            .put("bondWei", soup.transaction().valueWei().toString())
                            .put("closesAt", soup.closesAt()));
        }
    }

    private Cid cid(Bytes32 member, String job) throws IOException {
        try {
            return published
                    .delta(member, "member of the soup of job " + job)
                    .orElseThrow(() -> new SoupRefusedException("%s is not in the registry".formatted(member)));
        } catch (ManifestException | JsonException | IllegalArgumentException malformed) {
            throw new SoupRefusedException(
                    "what %s publishes cannot be read: %s".formatted(member, malformed.getMessage()));
        }
    }

    private Outcome finish(JobRun run) {
        ObjectNode proposed = run.result(PROPOSED).orElseThrow();
        Bytes32 soupId = Bytes32.of(proposed.path("soup").asString());
        SoupsContract.Stored stored = soups.status(soupId);
        return switch (stored.status()) {
            case PROPOSED -> {
                long wait = stored.closesAt() - soups.chainTime();
                if (wait > 0) {
                    yield new Outcome.Later(pause(wait), "challenge-window");
                }
                SoupsContract.Proposal proposal =
                        soups.proposal(soupId, proposed.path("block").asLong()).orElseThrow();
                try {
                    run.record(FINAL, mined(soups.finalizeSoup(soupId, proposal.header())));
                    yield new Outcome.Done();
                } catch (RevertedException refused) {
                    if (refused.error().equals(OPEN_CASES)) {
                        yield new Outcome.Later(lookAgain, "open challenges");
                    }
                    throw refused;
                }
            }
            case FINAL -> {
                if (run.result(FINAL).isEmpty()) {
                    // Anybody may make a soup final, and somebody did.
                    run.record(FINAL, JSON.createObjectNode().put("carriedBy", "another account"));
                }
                yield new Outcome.Done();
            }
            case SLASHED -> throw new SoupRefusedException("soup %s was challenged and slashed".formatted(soupId));
            case UNKNOWN -> new Outcome.Later(lookAgain, "the proposal is not on the chain");
        };
    }

    private Duration pause(long seconds) {
        Duration wanted = Duration.ofSeconds(seconds);
        return wanted.compareTo(lookAgain) < 0 ? wanted : lookAgain;
    }

    private static ObjectNode mined(OutboxEntry entry) {
        return JSON.createObjectNode()
                .put("tx", entry.hash())
                .put("block", entry.block())
                .put("gas", entry.gasUsed());
    }
}
