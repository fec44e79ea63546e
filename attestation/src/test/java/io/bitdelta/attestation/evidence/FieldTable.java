package io.bitdelta.attestation.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.AppraisalResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A table of every field of a structure: what a verifier says when one bit of the field changes under the old signature,
 * and when whoever changed it could sign again. The fields must cover the structure without a gap.
 */
public final class FieldTable {
    private final String title;
    private final List<Field> fields = new ArrayList<>();
    private int end;

    /**
     * A field.
     *
     * @param name as the vendor calls it
     * @param offset of its first byte
     * @param length in bytes
     * @param mask which bits of the first byte change
     * @param own whether it is the signature itself, which cannot be signed again
     */
    private record Field(String name, int offset, int length, int mask, boolean own) {}

    /** Judges evidence one byte of which was changed. */
    public interface Judge {
        /** Judges. */
        AppraisalResult judge(UnaryOperator<byte[]> change) throws Exception;
    }

    /** A table without fields. */
    public FieldTable(String title) {
        this.title = title;
    }

    /** Adds the next field, whose lowest bit changes. */
    public FieldTable field(String name, int length) {
        return field(name, length, 1);
    }

    /** Adds the next field. */
    public FieldTable field(String name, int length, int mask) {
        fields.add(new Field(name, end, length, mask, false));
        end += length;
        return this;
    }

    /** Adds a part of the signature itself, which cannot be signed again. */
    public FieldTable signature(String name, int length) {
        fields.add(new Field(name, end, length, 1, true));
        end += length;
        return this;
    }

    /**
     * Flips each field once under the old signature and once signed again, and compares with the table on the page.
     *
     * @param length of the structure
     * @param notJudged the fields that a signer may fill as it likes
     */
    public void check(int length, Judge unsigned, Judge signedAgain, Set<String> notJudged) throws Exception {
        assertThat(end).as("%s: the fields cover the structure", title).isEqualTo(length);
        StringBuilder out = new StringBuilder("## " + title
                + "\n| offset | field | one bit changed | changed and signed again |\n|---|---|---|---|\n");
        for (Field field : fields) {
            UnaryOperator<byte[]> flip = bytes -> {
                byte[] changed = bytes.clone();
                changed[field.offset()] ^= (byte) field.mask();
                return changed;
            };
            AppraisalResult plain = unsigned.judge(flip);
            assertThat(plain.affirming()).as("%s: %s", title, field.name()).isFalse();
            if (field.own()) {
                out.append("| 0x%03x | %s | %s | the signature itself |%n"
                        .formatted(field.offset(), field.name(), FieldPage.reasons(plain)));
                continue;
            }
            AppraisalResult again = signedAgain.judge(flip);
            assertThat(again.affirming())
                    .as("%s: %s signed again: %s", title, field.name(), again.findings())
                    .isEqualTo(notJudged.contains(field.name()));
            out.append("| 0x%03x | %s | %s | %s |%n"
                    .formatted(field.offset(), field.name(), FieldPage.reasons(plain), FieldPage.reasons(again)));
        }
        FieldPage.compare(title, out.toString().replace(System.lineSeparator(), "\n"));
    }
}
