package io.bitdelta.ipfs.kubo;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.ipfs.cid.Cid;
import java.nio.charset.StandardCharsets;

/** Reads a hostile daemon's answer in every way there is. */
public final class AnswerTarget {
    private static final Cid ROOT = Cid.ofRaw(new byte[0]);

    private AnswerTarget() {}

    @FunctionalInterface
    private interface Reading {
        void run() throws KuboException;
    }

    /** Anything but a value or a refusal by name is thrown on. */
    public static void read(byte[] input) {
        RpcAnswer answer = new RpcAnswer("call at daemon", new String(input, StandardCharsets.UTF_8));
        attempt(() -> assertThat(answer.word("ID")).isNotNull());
        attempt(() -> assertThat(answer.number("Size")).isNotNegative());
        attempt(() -> assertThat(answer.cid("Key").toString()).isNotEmpty());
        attempt(() -> assertThat(answer.pins()).allMatch(cid -> cid.version() == 1));
        attempt(() -> assertThat(answer.references()).allMatch(cid -> cid.version() == 1));
        attempt(answer::withoutErrors);
        attempt(() -> answer.confirmImport(ROOT));
    }

    private static void attempt(Reading reading) {
        try {
            reading.run();
        } catch (KuboException e) {
            assertThat(e.getMessage()).contains("call at daemon");
        }
    }
}
