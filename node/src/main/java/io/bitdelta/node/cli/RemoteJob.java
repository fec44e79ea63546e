package io.bitdelta.node.cli;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** A job of a remote node, followed to its end. */
public final class RemoteJob {
    private static final Duration PAUSE = Duration.ofMillis(300);

    private RemoteJob() {}

    /**
     * Waits until a job is done that needs nothing from its owner.
     *
     * @param accepted the answer that named the job, with {@code id} or {@code job}
     * @param progress told of every state
     * @return the newest result of {@code step}
     * @throws CommandException when the job was given up
     */
    public static JsonNode result(NodeClient node, JsonNode accepted, String step, Consumer<String> progress) {
        return step(
                follow(node, accepted, progress, waiting -> {
                    throw CommandException.failure("the job waits for %s"
                            .formatted(waiting.path("waitingFor").asString()));
                }),
                step);
    }

    /**
     * Waits until a job is done.
     *
     * @param accepted the answer that named the job, with {@code id} or {@code job}
     * @param progress told of every state
     * @param help gives a job what it waits for; returns the job afterwards
     * @return the job, succeeded
     * @throws CommandException when the job was given up
     */
    public static JsonNode follow(
            NodeClient node, JsonNode accepted, Consumer<String> progress, UnaryOperator<JsonNode> help) {
        String id = accepted.path("id").asString(accepted.path("job").asString(""));
        JsonNode job = accepted.has("state") ? accepted : node.get(path(id));
        String told = "";
        while (true) {
            String state = job.path("state").asString();
            String waitingFor = job.path("waitingFor").asString();
            if (!told.equals(state + waitingFor)) {
                told = state + waitingFor;
                progress.accept("job %s: %s %s".formatted(id, state, waitingFor).strip());
            }
            switch (state) {
                case "SUCCEEDED" -> {
                    return job;
                }
                case "FAILED", "EXPIRED" -> {
                    JsonNode problem = job.path("problem");
                    throw RemoteProblem.of(
                            problem.path("type").asString(""),
                            problem.path("status").asInt(500),
                            problem.path("detail").asString());
                }
                case "WAITING" -> job = help.apply(job);
                default -> {
                    LockSupport.parkNanos(job, PAUSE.toNanos());
                    job = node.get(path(id));
                }
            }
        }
    }

    /** The newest result of a step; missing when there is none. */
    public static JsonNode step(JsonNode job, String name) {
        JsonNode newest = job.path("none");
        for (JsonNode step : job.path("steps")) {
            if (step.path("name").asString().equals(name)) {
                newest = step.path("result");
            }
        }
        return newest;
    }

    /** Where a job is. */
    public static String path(String id) {
        return "/api/jobs/" + id;
    }
}
