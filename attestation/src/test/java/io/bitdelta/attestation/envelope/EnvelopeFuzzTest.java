package io.bitdelta.attestation.envelope;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.fuzz.JudgedSample;
import io.bitdelta.attestation.fuzz.Refusals;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

class EnvelopeFuzzTest {
    private static final RecipientPrivateKey RECIPIENT = RecipientPrivateKey.of(new byte[RecipientPrivateKey.LENGTH]);
    private static final byte[] PLAINTEXT = {'d', 'e', 'l', 't', 'a'};

    /** The sealing key is gone: an envelope for this recipient has the one plaintext or is refused. */
    @FuzzTest(maxDuration = "10m")
    void envelope(byte[] bytes) {
        ByteArrayOutputStream opened = new ByteArrayOutputStream();
        boolean opens = Refusals.reads(
                () -> Envelope.open(new ByteArrayInputStream(bytes), opened, RECIPIENT), EnvelopeException.class);
        Refusals.require(
                !opens || Arrays.equals(opened.toByteArray(), PLAINTEXT), "an envelope opens to what nobody sealed");
    }

    /** Writes seeds anew: the argument is the folder of the test resources. */
    public static void main(String[] arguments) throws IOException {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        Envelope.seal(new ByteArrayInputStream(PLAINTEXT), sealed, List.of(RECIPIENT.publicKey()), new SecureRandom());
        JudgedSample.seed(
                Path.of(arguments[0], "io/bitdelta/attestation/envelope/EnvelopeFuzzTestInputs/envelope"),
                "five-bytes",
                sealed.toByteArray());
    }
}
