package io.bitdelta.node.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** A job at a node, followed to where somebody has to do something, or to its end. */
public final class RemoteJob {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final ApiClient node;
    private final String path;
    private final Consumer<String> progress;
    private JsonNode job;
    private String told = "";

    /**
     * @param accepted the answer that named the job, with {@code id} or {@code job}
     * @param progress told of every new state
     */
    public RemoteJob(ApiClient node, JsonNode accepted, Consumer<String> progress) {
        this.node = node;
        this.path = "/api/jobs/"
                + accepted.path("id").stringValue(accepted.path("job").stringValue(""));
        this.progress = progress;
        this.job = node.get(path);
    }

    /**
     * Waits until a job is done that needs nothing from its caller.
     *
     * @param accepted the answer that named the job, with {@code id} or {@code job}
     * @return the newest result of {@code step}
     * @throws JobFailedException when the job was given up, or waits for somebody
     */
    public static JsonNode result(ApiClient node, JsonNode accepted, String step, Consumer<String> progress) {
        RemoteJob job = new RemoteJob(node, accepted, progress);
        if (!job.settle()) {
            throw new JobFailedException("job %s waits for %s"
                    .formatted(job.id(), job.job.path("waitingFor").stringValue("somebody")));
        }
        return job.result(step).orElse(MissingNode.getInstance());
    }

    /** Its id. */
    public String id() {
        return job.path("id").stringValue();
    }

    /** Whether it has succeeded. */
    public boolean succeeded() {
        return state().equals("SUCCEEDED");
    }

    private String state() {
        return job.path("state").stringValue();
    }

    /** The newest result of a step. */
    public Optional<JsonNode> result(String step) {
        Optional<JsonNode> newest = Optional.empty();
        for (JsonNode known : job.path("steps")) {
            if (known.path("name").stringValue().equals(step)) {
                newest = Optional.of(known.path("result"));
            }
        }
        return newest;
    }

    /**
     * Waits until the job waits for its caller, or has succeeded.
     *
     * @return whether it has succeeded
     * @throws JobFailedException when it ended otherwise
     */
    public boolean settle() {
        return reach("");
    }

    /**
     * Waits until the job has a result of this name, waits for its caller, or has succeeded.
     *
     * @return false when it waits for its caller
     * @throws JobFailedException when it ended otherwise
     */
    public boolean reach(String step) {
        Duration pause = FIRST_PAUSE;
        while (true) {
            tell();
            if (succeeded() || result(step).isPresent()) {
                return true;
            }
            switch (state()) {
                case "FAILED", "EXPIRED" -> {
                    JsonNode problem = job.path("problem");
                    throw new JobFailedException(
                            problem.path("type").stringValue(""),
                            problem.path("status").intValue(500),
                            problem.path("detail").stringValue("%s has failed".formatted(path)));
                }
                case "WAITING" -> {
                    return false;
                }
                default -> LockSupport.parkNanos(this, pause.toNanos());
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            refresh();
        }
    }

    private void tell() {
        String now = "%s %s".formatted(state(), job.path("waitingFor").stringValue(""));
        if (!told.equals(now)) {
            told = now;
            progress.accept("job %s: %s".formatted(id(), now.strip()));
        }
    }

    /** Looks again. */
    public void refresh() {
        job = node.get(path);
    }

    /** Answers what the job waits for. */
    public void answer(String resource, Object body) {
        node.post(path + "/" + resource, body);
        refresh();
    }
}
