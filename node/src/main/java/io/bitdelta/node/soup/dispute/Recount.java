package io.bitdelta.node.soup.dispute;

import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.codec.DeltaFile;
import io.bitdelta.engine.codec.LayoutEntry;
import io.bitdelta.engine.commit.LeafKind;
import io.bitdelta.engine.soup.MajoritySoup;
import io.bitdelta.engine.soup.SoupRule;
import io.bitdelta.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Mixes the members of a soup again and looks for the first word in which the claimed result differs. */
public final class Recount {
    private static final int CHUNK = 1024;
    private static final int WORD = 32;

    private Recount() {}

    /**
     * The first wrong word, signs before scales; empty when the result is the members' vote.
     *
     * @throws IOException when the dossier's folder cannot be written
     * @throws DossierException when the members cannot be mixed at all
     */
    public static Optional<Place> firstWrongWord(Dossier dossier) throws IOException {
        SoupRule rule = Arrays.stream(SoupRule.values())
                .filter(known -> known.code() == dossier.header().rule())
                .findFirst()
                .orElseThrow(() -> new DossierException("soup %s: rule %d is unknown"
                        .formatted(dossier.soupId(), dossier.header().rule())));
        Path recounted = dossier.folder().resolve("recounted.safetensors");
        try {
            MajoritySoup.mix(
                    dossier.ballots().stream()
                            .map(ballot -> ballot.file().path())
                            .toList(),
                    recounted,
                    rule,
                    Math.toIntExact(dossier.header().byzantine()));
        } catch (EngineInputException unfit) {
            throw new DossierException(
                    "soup %s: its members cannot be mixed: %s".formatted(dossier.soupId(), unfit.getMessage()), unfit);
        }
        try (DeltaFile truth = DeltaFile.open(recounted)) {
            Optional<Place> signs = firstDifference(truth, dossier.result(), LeafKind.SIGNS);
            return signs.isPresent() ? signs : firstDifference(truth, dossier.result(), LeafKind.SCALES);
        }
    }

    private static Optional<Place> firstDifference(DeltaFile truth, DeltaFile claimed, LeafKind tree) {
        long chunks = 0;
        for (LayoutEntry.Sign sign : truth.header().signs()) {
            long at = tree == LeafKind.SCALES ? scales(truth, claimed, sign) : signs(truth, claimed, sign);
            if (at >= 0) {
                return Optional.of(new Place(tree, chunks + at / CHUNK, (int) (at % CHUNK / WORD), sign.name()));
            }
            chunks += (bytes(truth, sign, tree) + CHUNK - 1) / CHUNK;
        }
        return Optional.empty();
    }

    private static long bytes(DeltaFile file, LayoutEntry.Sign sign, LeafKind tree) {
        if (tree == LeafKind.SIGNS) {
            return sign.planeBytes();
        }
        Tensor scales = file.entry(sign.scaleName(0));
        return scales.data().byteSize() / scales.dtype().width() * Float.BYTES;
    }

    /** Offset of the first sign or abstention byte that differs; -1 when none does. */
    private static long signs(DeltaFile truth, DeltaFile claimed, LayoutEntry.Sign sign) {
        long votes = truth.signs(sign, 0).mismatch(claimed.signs(sign, 0));
        Optional<MemorySegment> abstain = truth.abstain(sign);
        long abstentions = abstain.isEmpty()
                ? -1
                : abstain.get().mismatch(claimed.abstain(sign).orElse(MemorySegment.NULL));
        return votes < 0 || (abstentions >= 0 && abstentions < votes) ? abstentions : votes;
    }

    /** Offset in binary32 bytes of the first scale whose bit pattern differs; -1 when none does. */
    private static long scales(DeltaFile truth, DeltaFile claimed, LayoutEntry.Sign sign) {
        float[] counted = truth.scales(sign, 0);
        float[] stated = claimed.scales(sign, 0);
        for (int i = 0; i < counted.length; i++) {
            if (Float.floatToRawIntBits(counted[i]) != Float.floatToRawIntBits(stated[i])) {
                return (long) i * Float.BYTES;
            }
        }
        return -1;
    }
}
