package io.bitdelta.node.cli.delta;

import io.bitdelta.engine.codec.LoraImporter;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.Output;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code delta from-lora}. */
@Command(
        name = "from-lora",
        description = "Turn a PEFT LoRA adapter into a delta; its factors stay low-rank.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta delta from-lora --base base/ --adapter adapter/ --out adapter.bitdelta"})
final class FromLoraCommand implements Callable<Integer> {
    @Option(names = "--base", required = true, description = "The base: a folder or file of safetensors.")
    private Path base;

    @Option(
            names = "--adapter",
            required = true,
            description = "A folder with adapter_config.json and adapter_model.safetensors.")
    private Path adapter;

    @Option(names = "--out", required = true, description = "The delta file to write.")
    private Path out;

    @Option(
            names = "--bits",
            defaultValue = "4",
            description = "Bits per factor weight at most, 1 to 4; fewer where the delta would outgrow the adapter"
                    + " (default: ${DEFAULT-VALUE}).")
    private int bits;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    FromLoraCommand() {}

    @Override
    public Integer call() throws Exception {
        if (bits < 1 || bits > 4) {
            throw CommandException.usage("--bits " + bits + ": use 1 to 4");
        }
        WriteReportText.print(
                output,
                out,
                LoraImporter.importAdapter(
                        base, adapter, out, bits, Runtime.getRuntime().availableProcessors()));
        return 0;
    }
}
