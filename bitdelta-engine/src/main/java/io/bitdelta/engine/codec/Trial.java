package io.bitdelta.engine.codec;

import io.bitdelta.engine.commit.Hash32;
import io.bitdelta.engine.kernel.KernelProvider;
import io.bitdelta.engine.tensor.Dtype;
import io.bitdelta.engine.tensor.SafetensorsHeader.Entry;
import io.bitdelta.engine.tensor.Tensor;
import io.bitdelta.engine.work.Workers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Encodes one tensor without keeping a byte, to learn how much of its delta a form would keep. */
final class Trial {
    private static final EntrySink DISCARD = (entry, offset, bytes) -> {};

    private final Tensor base;
    private final Tensor finetuned;
    private final Dtype scaleType;
    private final OptionalDouble clipSigma;
    private final Workers workers;

    Trial(Tensor base, Tensor finetuned, Dtype scaleType, OptionalDouble clipSigma, Workers workers) {
        this.base = base;
        this.finetuned = finetuned;
        this.scaleType = scaleType;
        this.clipSigma = clipSigma;
        this.workers = workers;
    }

    /** The energies of one form; under a clip those of the clamped deltas. */
    DeltaEnergy energy(LayoutEntry.Sign sign) {
        DeltaMetadata nobody = new DeltaMetadata(
                        Hash32.ZERO, DeltaMetadata.ScaleOrigin.MEAN_ABS, Optional.empty(), DeltaMetadata.GENERAL)
                .packed(Optional.of(scaleType));
        Map<String, Entry> entries = new HashMap<>();
        DeltaHeader.place(nobody, List.of(new DeltaHeader.Planned(sign, scaleType, false)))
                .entries()
                .forEach(entry -> entries.put(entry.name(), entry));
        SignJob job = new SignJob(sign, scaleType, base, finetuned, null, entries, DISCARD, KernelProvider.kernels());
        if (clipSigma.isPresent()) {
            job = job.clipped(FlatEncoder.clip(job, clipSigma.getAsDouble(), workers));
        }
        return job.encode(workers);
    }
}
