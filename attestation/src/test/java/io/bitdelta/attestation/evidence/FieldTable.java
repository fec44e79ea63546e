package io.bitdelta.attestation.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.AppraisalResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A table of every field of a structure: what a verifier says when one bit of the field changes under the old signature,
 * and when whoever changed it could sign again. The fields must cover the structure without a gap.
 */
public final class FieldTable {
    /** What is said where no check looks at a field that was signed again. */
    private static final String NOT_JUDGED = "not judged";

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
     */
    private record Field(String name, int offset, int length, int mask) {}

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
        fields.add(new Field(name, end, length, mask));
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
            AppraisalResult again = signedAgain.judge(flip);
            assertThat(again.affirming())
                    .as("%s: %s signed again: %s", title, field.name(), again.findings())
                    .isEqualTo(notJudged.contains(field.name()));
            out.append("| 0x%03x | %s | %s | %s |%n"
                    .formatted(
                            field.offset(),
                            field.name(),
                            reasons(plain),
                            again.affirming() ? NOT_JUDGED : reasons(again)));
        }
        compare(out.toString().replace(System.lineSeparator(), "\n"));
    }

    private static String reasons(AppraisalResult result) {
        return result.reasons().stream().map(Enum::name).collect(Collectors.joining(", "));
    }

    /** With {@code -Dbitdelta.fields.write=true} the page is written anew. */
    private void compare(String section) throws IOException {
        Path page = Path.of("docs/FIELDS.md");
        String text = Files.readString(page);
        int from = text.indexOf("## " + title + "\n");
        int next = from < 0 ? -1 : text.indexOf("\n## ", from + 1);
        if (Boolean.getBoolean("bitdelta.fields.write")) {
            String before = from < 0 ? text.stripTrailing() + "\n\n" : text.substring(0, from);
            String after = next < 0 ? "" : text.substring(next + 1);
            Files.writeString(page, before + section + (after.isEmpty() ? "" : "\n" + after));
            return;
        }
        assertThat(from).as("docs/FIELDS.md has no section \"%s\"", title).isNotNegative();
        String found = next < 0 ? text.substring(from) : text.substring(from, next + 1);
        assertThat(found.strip()).isEqualTo(section.strip());
    }
}
