package io.bitdelta.attestation.pki;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.bitdelta.attestation.appraisal.Appraisal;
import io.bitdelta.attestation.appraisal.Technology;
import io.bitdelta.attestation.fuzz.JudgedSample;
import io.bitdelta.attestation.fuzz.Refusals;
import io.bitdelta.attestation.pki.OwnPki.Entity;
import io.bitdelta.attestation.pki.OwnPki.Spec;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

class RevocationFuzzTest {
    private static final String INPUTS = "RevocationFuzzTestInputs/der";
    /** Read when first needed: {@link #main} writes them. */
    private static final class Samples {
        private static final Cert ROOT = seed("root");
        private static final Cert LEAF = seed("leaf");
    }

    private static Cert seed(String name) {
        try (InputStream in = RevocationFuzzTest.class.getResourceAsStream(INPUTS + "/seed-" + name)) {
            return Cert.parse(in.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same bytes as a certificate, a revocation list, an OCSP response and a document of an unknown kind. */
    @FuzzTest(maxDuration = "10m")
    void der(byte[] bytes) {
        Refusals.reads(
                () -> {
                    Cert cert = Cert.parse(bytes);
                    Appraisal judged = new Appraisal(Technology.NVIDIA);
                    Chain.from(cert, List.of(cert, Samples.ROOT))
                            .check(Set.of(Samples.ROOT.keyId()), OwnPki.NOW, ChainReasons.EVIDENCE, judged);
                    Refusals.require(
                            !judged.clean() || cert.equals(Samples.ROOT) || cert.equals(Samples.LEAF),
                            "a certificate that the root never signed");
                    cert.extension("2.23.133.5.4.1");
                },
                PkiException.class);
        Refusals.reads(
                () -> {
                    Crl list = Crl.parse(bytes);
                    list.nextUpdate();
                    list.check(Samples.ROOT, Samples.LEAF, OwnPki.NOW, new Appraisal(Technology.NVIDIA));
                },
                PkiException.class);
        Refusals.reads(
                () -> {
                    Ocsp answer = Ocsp.parse(bytes);
                    answer.nextUpdate();
                    Ocsp.check(
                            List.of(answer), Samples.ROOT, Samples.LEAF, OwnPki.NOW, new Appraisal(Technology.NVIDIA));
                },
                PkiException.class);
        Documents.of(List.of(bytes));
    }

    /** Writes seeds anew: the argument is the folder of the test resources. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0], "io/bitdelta/attestation/pki", INPUTS);
        Entity root = OwnPki.root("CN=Root,O=Fuzz", "secp256r1");
        Spec spec = new Spec();
        spec.serial = BigInteger.valueOf(5);
        Entity leaf = OwnPki.issue(root, "CN=Leaf,O=Fuzz", spec);
        JudgedSample.seed(folder, "root", root.der());
        JudgedSample.seed(folder, "leaf", leaf.der());
        JudgedSample.seed(folder, "pem", OwnPki.pem(leaf.der()).getBytes(StandardCharsets.US_ASCII));
        JudgedSample.seed(folder, "list", OwnPki.crl(root));
        JudgedSample.seed(
                folder,
                "hold",
                OwnPki.crl(
                        root,
                        OwnPki.NOW.minusSeconds(3600),
                        OwnPki.NOW.plusSeconds(3600),
                        BigInteger.valueOf(5),
                        true));
        JudgedSample.seed(folder, "good", OwnPki.ocspGood(root, leaf.der()));
    }
}
