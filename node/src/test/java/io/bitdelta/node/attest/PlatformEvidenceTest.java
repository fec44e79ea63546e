package io.bitdelta.node.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.appraisal.AppraisalPolicy;
import io.bitdelta.attestation.appraisal.AppraisalResult;
import io.bitdelta.attestation.appraisal.Expectation;
import io.bitdelta.attestation.appraisal.Reason;
import io.bitdelta.attestation.appraisal.Tier;
import io.bitdelta.attestation.attester.Attester;
import io.bitdelta.attestation.attester.AttesterException;
import io.bitdelta.attestation.bench.SampleEvidence;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PlatformEvidenceTest {
    private static final int ENTRY = 24;
    private static final SampleEvidence SNP = SampleEvidence.snp();

    /** A host's table as the GHCB specification lays it out, with any GUID that is not zero. */
    private static byte[] table(List<byte[]> documents) {
        int content = documents.stream().mapToInt(document -> document.length).sum();
        int offset = (documents.size() + 1) * ENTRY;
        ByteBuffer table = ByteBuffer.allocate(offset + content + 7).order(ByteOrder.LITTLE_ENDIAN);
        for (byte[] document : documents) {
            table.putLong(0x4664_e564_63da_758dL).putLong(1).putInt(offset).putInt(document.length);
            table.duplicate().position(offset).put(document);
            offset += document.length;
        }
        return table.array();
    }

    private static Endorsed issued(byte[] auxiliary) throws Exception {
        Attester guest = reportData -> new Attester.Issued(SNP.evidence(), auxiliary);
        return new PlatformEvidence(guest, SNP.appraiser(), List.of(), Optional.empty(), Optional.empty())
                .issue(new byte[64]);
    }

    private static AppraisalResult judged(Endorsed endorsed) {
        return SNP.appraiser()
                .appraise(
                        endorsed.evidence(),
                        endorsed.endorsements(),
                        AppraisalPolicy.strict(),
                        SNP.at(),
                        Expectation.nothing());
    }

    @Test
    void certificatesThatTheHostHandsOutEndorseTheReport() throws Exception {
        assertThat(judged(issued(table(SNP.endorsements()))).tier()).isEqualTo(Tier.AFFIRMING);
    }

    @Test
    void withoutThemTheyAreMissing() throws Exception {
        assertThat(judged(issued(new byte[0])).reasons()).containsExactly(Reason.COLLATERAL_MISSING);
    }

    @Test
    void aTableThatPointsOutsideItselfIsTheHostsFault() {
        byte[] table = table(SNP.endorsements());
        ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).putInt(20, Integer.MAX_VALUE);
        assertThatThrownBy(() -> issued(table))
                .isInstanceOf(AttesterException.class)
                .hasMessageContaining("entry 0 of the certificate table");
        assertThatThrownBy(() -> issued(new byte[] {1, 2, 3}))
                .isInstanceOf(AttesterException.class)
                .hasMessageContaining("no end");
    }

    @Test
    void aTableOfManyEntriesIsRefused() {
        byte[] table = new byte[ENTRY * 40];
        for (int i = 0; i < 39; i++) {
            table[i * ENTRY] = 1;
        }
        assertThatThrownBy(() -> issued(table))
                .isInstanceOf(AttesterException.class)
                .hasMessageContaining("more than 16");
    }
}
