package io.bitdelta.engine.train;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.commit.Sha256;
import java.nio.charset.StandardCharsets;

/** Names a run by all that decides about its bytes. */
final class Fingerprint {
    private Fingerprint() {}

    static String of(Hash32 base, Hash32 text, Hash32 tokenizer, TrainOptions options) {
        String all = "%s %s %s %s".formatted(base.hex(), text.hex(), tokenizer.hex(), options.fingerprint());
        return new Sha256()
                .update(all.getBytes(StandardCharsets.UTF_8))
                .finish()
                .hex();
    }
}
