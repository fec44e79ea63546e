package io.bitdelta.node.cli.model;

import io.bitdelta.engine.model.KernelCausalLm.SignActivations;
import io.bitdelta.engine.serve.LocalModel;
import io.bitdelta.engine.tensor.Checkpoint;
import io.bitdelta.engine.tensor.WeightsHashCache;
import io.bitdelta.node.cli.TerminalProgress;
import io.bitdelta.node.cli.delta.HashCacheFolder;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Mixin: which model, with which delta, on how many threads. */
final class ModelOption {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "A model in Hugging Face's layout: config.json, tokenizer.json, safetensors.")
    private Path model;

    @Option(names = "--delta", paramLabel = "X", description = "A delta over that model; refused over any other.")
    private @Nullable Path delta;

    @Option(
            names = "--activations",
            defaultValue = "exact",
            paramLabel = "HOW",
            converter = HowActivations.class,
            description = "How activations meet a delta's signs: exact or int8 (default: ${DEFAULT-VALUE}).")
    private SignActivations activations;

    @Option(names = "--threads", description = "Threads (default: all processors).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    ModelOption() {}

    private static final class HowActivations implements ITypeConverter<SignActivations> {
        HowActivations() {}

        @Override
        public SignActivations convert(String text) {
            return switch (text) {
                case "exact" -> SignActivations.EXACT;
                case "int8" -> SignActivations.INT8;
                default -> throw new TypeConversionException("\"" + text + "\" is neither exact nor int8");
            };
        }
    }

    /** Where the model is. */
    Path path() {
        return model;
    }

    LocalModel open() throws IOException {
        long bytes = 0;
        if (delta != null) {
            try (Checkpoint checkpoint = Checkpoint.open(model)) {
                bytes = checkpoint.bytes();
            }
        }
        try (TerminalProgress bar = TerminalProgress.start("check base", bytes)) {
            return LocalModel.open(
                    model, delta, new WeightsHashCache(HashCacheFolder.path()), threads, activations, bar::add);
        }
    }
}
