package io.bitdelta.node.scrub;

import io.bitdelta.ipfs.ContentStore;
import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.pin.ScrubReport;
import io.bitdelta.node.jobs.JobKind;
import io.bitdelta.node.jobs.JobRun;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The job of hashing every pinned block again. Step {@code scrubbed}: how many were read, and each that is damaged or
 * missing. It ends as succeeded when it could look, whatever it found.
 */
public final class ScrubJob implements JobKind {
    /** Its name. */
    public static final String NAME = "scrub-store";

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SCRUBBED = "scrubbed";

    /** Findings told one by one; a disk that lost more has another problem than a list solves. */
    private static final int MOST_TOLD = 1000;

    private final ContentStore content;

    /** @param content to be read */
    public ScrubJob(ContentStore content) {
        this.content = content;
    }

    /** What a job of this kind is asked: nothing. */
    public static ObjectNode input() {
        return JSON.createObjectNode();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> steps() {
        return List.of(SCRUBBED);
    }

    @Override
    public Outcome run(JobRun run) throws IOException {
        ScrubReport report = content.verify(Progress.NONE);
        ObjectNode result = JSON.createObjectNode()
                .put("ok", report.ok())
                .put("blocks", report.checked().size())
                .put("bytes", report.bytes())
                .put("damaged", report.findings().size());
        ArrayNode findings = result.putArray("findings");
        report.findings().stream()
                .limit(MOST_TOLD)
                .forEach(found -> findings.addObject()
                        .put("cid", found.cid().toString())
                        .put("problem", found.problem().name().toLowerCase(Locale.ROOT))
                        .put("detail", found.detail()));
        run.record(SCRUBBED, result);
        return new Outcome.Done();
    }
}
