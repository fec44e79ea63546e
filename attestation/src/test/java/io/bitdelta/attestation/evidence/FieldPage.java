package io.bitdelta.attestation.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.bitdelta.attestation.appraisal.AppraisalResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** The page {@code docs/FIELDS.md}, a section for each table. */
final class FieldPage {
    private FieldPage() {}

    static String reasons(AppraisalResult result) {
        return result.affirming()
                ? "not judged"
                : result.reasons().stream().map(Enum::name).collect(Collectors.joining(", "));
    }

    /** With {@code -Dbitdelta.fields.write=true} the page is written anew. */
    static void compare(String title, String section) throws IOException {
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
