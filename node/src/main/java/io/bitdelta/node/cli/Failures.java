package io.bitdelta.node.cli;

import io.bitdelta.attestation.did.DidSyntaxException;
import io.bitdelta.attestation.envelope.EnvelopeException;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.manifest.ManifestException;
import io.bitdelta.attestation.pki.PkiException;
import io.bitdelta.attestation.sign.KeystoreException;
import io.bitdelta.attestation.sign.SignatureException;
import io.bitdelta.engine.EngineInputException;
import io.bitdelta.engine.privacy.BudgetExceededException;
import io.bitdelta.engine.privacy.DamagedLedgerException;
import io.bitdelta.engine.train.DivergedException;
import io.bitdelta.ipfs.SecretUnreadableException;
import io.bitdelta.ipfs.StoreLayoutException;
import io.bitdelta.ipfs.block.CorruptBlockException;
import io.bitdelta.ipfs.block.HashMismatchException;
import io.bitdelta.ipfs.car.MalformedCarException;
import io.bitdelta.ipfs.cid.InvalidCidException;
import io.bitdelta.ipfs.pin.DamagedPinException;
import io.bitdelta.ipfs.tier.BucketTakenException;
import io.bitdelta.ipfs.unixfs.MalformedNodeException;
import io.bitdelta.node.api.PortBusyException;
import io.bitdelta.node.api.ServerFailedException;
import io.bitdelta.node.backup.BackupException;
import io.bitdelta.node.chain.ChainException;
import io.bitdelta.node.chain.RevertedException;
import io.bitdelta.node.chain.TxExpiredException;
import io.bitdelta.node.client.NodeSilentException;
import io.bitdelta.node.config.ConfigException;
import io.bitdelta.node.config.FolderUnusableException;
import io.bitdelta.node.demo.NotVerifiedException;
import io.bitdelta.node.demo.StoreDamagedException;
import io.bitdelta.node.provenance.ProvenanceException;
import io.bitdelta.node.publish.PublicationExpiredException;
import io.bitdelta.node.publish.PublishRefusedException;
import io.bitdelta.node.publish.QuotaException;
import io.bitdelta.node.royalty.RoyaltyInputException;
import io.bitdelta.node.royalty.UsageConflictException;
import io.bitdelta.node.royalty.VoucherRefusedException;
import io.bitdelta.node.royalty.statement.PeriodException;
import io.bitdelta.node.soup.SoupRefusedException;
import io.bitdelta.node.soup.WeightsUnknownException;
import io.bitdelta.node.soup.dispute.DossierException;
import io.bitdelta.node.store.DatabaseException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Turns what a command threw into one line and an exit code: the only place that knows every module's failures. */
final class Failures {
    private Failures() {}

    /** The exit code for a failure. */
    static int exitCode(Throwable failure) {
        return switch (RemoteProblem.translated(failure)) {
            case CommandException e -> e.exitCode();
            case BudgetExceededException e -> ExitCode.DOES_NOT_HOLD;
            case DamagedLedgerException e -> ExitCode.DOES_NOT_HOLD;
            case DivergedException e -> ExitCode.FAILURE;
            case EngineInputException e -> ExitCode.USAGE;
            case NoSuchFileException e -> ExitCode.USAGE;
            case AccessDeniedException e -> ExitCode.USAGE;
            case FolderUnusableException e -> ExitCode.USAGE;
            case ConfigException e -> ExitCode.USAGE;
            case DatabaseException e -> ExitCode.USAGE;
            case BackupException e -> ExitCode.USAGE;
            case PortBusyException e -> ExitCode.USAGE;
            case ServerFailedException e -> ExitCode.USAGE;
            case ProvenanceException e -> ExitCode.USAGE;
            case PublishRefusedException e -> ExitCode.USAGE;
            case QuotaException e -> ExitCode.USAGE;
            case SoupRefusedException e -> ExitCode.USAGE;
            case NotVerifiedException e -> ExitCode.DOES_NOT_HOLD;
            case StoreDamagedException e -> ExitCode.DOES_NOT_HOLD;
            case DossierException e -> ExitCode.DOES_NOT_HOLD;
            case WeightsUnknownException e -> ExitCode.DOES_NOT_HOLD;
            case VoucherRefusedException e -> ExitCode.DOES_NOT_HOLD;
            case UsageConflictException e -> ExitCode.USAGE;
            case RoyaltyInputException e -> ExitCode.USAGE;
            case PeriodException e -> ExitCode.USAGE;
            case StoreLayoutException e -> ExitCode.USAGE;
            case BucketTakenException e -> ExitCode.USAGE;
            case SecretUnreadableException e -> ExitCode.USAGE;
            case JsonException e -> ExitCode.USAGE;
            case ManifestException e -> ExitCode.USAGE;
            case DidSyntaxException e -> ExitCode.USAGE;
            case SignatureException e -> ExitCode.USAGE;
            case PkiException e -> ExitCode.USAGE;
            case EnvelopeException e -> ExitCode.DOES_NOT_HOLD;
            case KeystoreException e ->
                switch (e.reason()) {
                    case WRONG_PASSWORD -> ExitCode.DOES_NOT_HOLD;
                    case MALFORMED, NOT_FOUND, ALREADY_EXISTS -> ExitCode.USAGE;
                };
            case InvalidCidException e -> ExitCode.USAGE;
            case MalformedCarException e -> ExitCode.USAGE;
            case CorruptBlockException e -> ExitCode.DOES_NOT_HOLD;
            case HashMismatchException e -> ExitCode.DOES_NOT_HOLD;
            case MalformedNodeException e -> ExitCode.DOES_NOT_HOLD;
            case DamagedPinException e -> ExitCode.DOES_NOT_HOLD;
            default -> ExitCode.FAILURE;
        };
    }

    /** One line: what, where, and what to do where that is known. */
    static String line(Throwable failure) {
        return switch (RemoteProblem.translated(failure)) {
            case CommandException e -> message(e);
            case EngineInputException e -> message(e);
            case NoSuchFileException e -> "no such file or folder: " + e.getFile();
            case AccessDeniedException e -> "permission denied: " + e.getFile();
            case FileSystemException e ->
                e.getFile() + ": " + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason());
            case IOException e -> message(e);
            case FolderUnusableException e -> message(e);
            case ConfigException e -> message(e);
            case DatabaseException e -> message(e);
            case BackupException e -> message(e);
            case PortBusyException e -> message(e);
            case ServerFailedException e -> message(e);
            case PublishRefusedException e -> message(e);
            case PublicationExpiredException e -> message(e);
            case QuotaException e -> message(e);
            case SoupRefusedException e -> message(e);
            case NodeSilentException e -> message(e);
            case TxExpiredException e -> message(e);
            case ChainException e -> message(e);
            case RevertedException e -> message(e);
            case NotVerifiedException e -> message(e);
            case StoreDamagedException e -> message(e);
            case DossierException e -> message(e);
            case WeightsUnknownException e -> message(e);
            case VoucherRefusedException e -> message(e);
            case UsageConflictException e -> message(e);
            case RoyaltyInputException e -> message(e);
            case PeriodException e -> message(e);
            case JsonException e -> message(e);
            case ManifestException e -> message(e);
            case DidSyntaxException e -> message(e);
            case SignatureException e -> message(e);
            case PkiException e -> message(e);
            case KeystoreException e -> message(e);
            case InvalidCidException e -> message(e);
            default -> failure.getClass().getSimpleName() + ": " + message(failure);
        };
    }

    private static String message(Throwable failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank()
                ? failure.getClass().getSimpleName()
                : text.lines().findFirst().orElse("");
    }
}
