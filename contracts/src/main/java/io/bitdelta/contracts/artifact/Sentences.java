package io.bitdelta.contracts.artifact;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What each custom error means and what its reader can do. {@code {name}} stands for the error's value of that name. */
final class Sentences {
    private static final Pattern PLACE = Pattern.compile("\\{([A-Za-z]+)}");

    private static final Map<String, String> SENTENCES = Map.ofEntries(
            // identities
            Map.entry(
                    "NotController",
                    "{actor} does not control {identity} ({controller} does): sign or send with the controller's key"),
            Map.entry("Deactivated", "identity {identity} was deactivated for good: use another identity"),
            Map.entry(
                    "IdentityDeactivated",
                    "identity {identity} was deactivated for good; its shares stay where they are"),
            Map.entry(
                    "InvalidSignature",
                    "the signature is not by {identity}'s controller {controller} (it gives {recovered}): check key, chain id, contract address, nonce and every signed field"),
            Map.entry(
                    "SignatureExpired",
                    "the signature was valid until {deadline} and the chain's clock is {timestamp}: sign again with a later deadline"),
            Map.entry("ValidityTooLong", "a validity of {validity} seconds is longer than {max}: choose a shorter one"),
            Map.entry("ZeroDelegate", "the zero address cannot be a delegate: give the delegate's address"),
            Map.entry(
                    "IdentitiesUnreachable",
                    "no identity registry answers at {registry}: the contracts were deployed with a wrong address; use the addresses of the deployment file"),
            // registry
            Map.entry(
                    "AlreadyPublished",
                    "delta {deltaId} was published before (at {publishedAt}, revoked at {revokedAt}; 0 is never): an id is published once and never returns"),
            Map.entry(
                    "NotPublished",
                    "the registry does not know delta {deltaId}: check the id and the registry's address"),
            Map.entry("AlreadyRevoked", "delta {deltaId} was revoked at {revokedAt}: there is nothing left to do"),
            Map.entry(
                    "NotAuthorized",
                    "{actor} neither controls {identity} nor is a live bitdelta.publish delegate of it: add the delegate or use the controller's key"),
            Map.entry(
                    "StaleHead",
                    "{identity}'s latest delta on base {baseHash} is {current}, not {given}: publish again with prev set to it"),
            Map.entry(
                    "FlagsNotAllowed",
                    "flags {given} contain bits outside {allowed}: evidence flags are set by the contract alone"),
            Map.entry(
                    "EpsilonWithoutClaim",
                    "epsilon {epsilonMilli} (thousandths) without flag 2: set the flag or leave epsilon 0"),
            Map.entry(
                    "BudgetExceeded",
                    "{identity} has spent {spentMilli} of its privacy cap of {capMilli} (thousandths of epsilon); {epsilonMilli} more is too much: publish with a smaller epsilon"),
            Map.entry("CapNotLower", "{identity}'s privacy cap is {current} and may only fall; {given} is not lower"),
            Map.entry(
                    "VerifierNotTrusted",
                    "the registry does not trust evidence verifier {verifier}: use a trusted one or publish without evidence"),
            Map.entry(
                    "EvidenceFlagNotAllowed",
                    "verifier {verifier} gave evidence flag {given}, but the registry lets it set {allowed} only"),
            Map.entry(
                    "EvidenceAlreadyRecorded",
                    "delta {deltaId} carries evidence flag {flag} already: there is nothing to add"),
            Map.entry(
                    "EvidenceWithoutVerifier",
                    "evidence came without the verifier that can read it: give the verifier's address"),
            Map.entry(
                    "LengthMismatch",
                    "lists that belong together have different lengths ({expected} and {given}): give one entry each"),
            Map.entry("ZeroField", "{field} is zero: it is required"),
            Map.entry("Paused", "publishing is paused until {until} (block time) and resumes by itself: wait"),
            Map.entry("PauseTooSoon", "the next pause can begin at {notBefore} (block time) at the earliest"),
            Map.entry("NotOwner", "{actor} is not the owner {owner}: the call must go through it (the timelock)"),
            Map.entry("NotGuardian", "{actor} is not the guardian {guardian}"),
            Map.entry("NotAllowed", "{actor} may not do this"),
            // soups
            Map.entry("UnknownSoup", "no soup {soupId} was proposed here: check the id and the contract's address"),
            Map.entry("SoupExists", "soup {soupId} was proposed before"),
            Map.entry(
                    "HeaderMismatch",
                    "the header belongs to soup {computed}, not {soupId}: send the header of the Proposed event"),
            Map.entry("HeaderInvalid", "the header's {field} cannot be {given}"),
            Map.entry(
                    "SnapshotOutOfRange",
                    "snapshot {snapshot} must lie between {earliest} and {latest} (block time): take a new one"),
            Map.entry(
                    "WrongBond",
                    "{given} wei were sent where {required} are required: send the bond that the contract asks for"),
            Map.entry("NotProposed", "soup {soupId} is not open any more (status {status}: 2 final, 3 slashed)"),
            Map.entry("NotSlashed", "soup {soupId} was not slashed (status {status}): a bond goes back only then"),
            Map.entry(
                    "WindowOpen", "soup {soupId} can be challenged until {closesAt} (block time): finalize after that"),
            Map.entry(
                    "WindowClosed",
                    "the window of soup {soupId} closed at {closesAt} (block time): it cannot be challenged any more"),
            Map.entry("CasesOpen", "soup {soupId} has {open} open cases: answer and settle them first"),
            Map.entry("TooManyCases", "soup {soupId} has {max} open cases already: wait until one is settled"),
            Map.entry("UnknownCase", "there is no case {caseId}"),
            Map.entry("WrongCase", "case {caseId} (kind {kind}, status {status}) does not allow this step"),
            Map.entry("DeadlinePassed", "the deadline of case {caseId} passed at {deadline} (block time)"),
            Map.entry("DeadlineNotPassed", "case {caseId} can be answered until {deadline} (block time): wait"),
            Map.entry(
                    "ProofInvalid",
                    "the proof of entry {index} does not lead to the root of tree {tree} (0 signs, 1 scales, 2 abstain, 3 members, 4 weights)"),
            Map.entry("WrongLength", "{given} items were given where {expected} are expected"),
            Map.entry(
                    "VoteMismatch",
                    "the members' words give {counted}, but the soup claims {claimed}: this soup cannot be defended"),
            Map.entry(
                    "AbstainMismatch",
                    "the members' words abstain at {counted}, but the soup claims {claimed}: this soup cannot be defended"),
            Map.entry(
                    "MedianMismatch",
                    "the claimed scale in lane {lane} is not the lower median ({below} members are below, {notAbove} not above)"),
            Map.entry("WordMismatch", "the member committed {committed}, but the answer says {claimed}"),
            Map.entry("NodeMismatch", "the given hashes lead to {computed}, not to the demanded node {expected}"),
            Map.entry("NoFraud", "what was shown about soup {soupId} is in order: there is nothing to slash"),
            Map.entry("MemberNotQualified", "member {deltaId} does not qualify: {reason}"),
            Map.entry("ConsentMissing", "delta {deltaId} has no valid consent to terms {termsHash} as of the snapshot"),
            Map.entry("ConsentUnknown", "no consent of delta {deltaId} to terms {termsHash} is on chain"),
            Map.entry("WeightsInvalid", "weight {index} does not tile: {reason}"),
            Map.entry("RootsMismatch", "the given roots hash to {computed}, the delta says {deltaRoot}"),
            Map.entry("DeltaMismatch", "the given fields hash to {computed}, not to delta {deltaId}"),
            Map.entry("NothingToWithdraw", "nothing is credited to {account}"),
            Map.entry("ZeroSetting", "window {window}, response {response} and bond {bond} must all be above zero"),
            // royalties
            Map.entry("SoupNotFinal", "soup {soupId} is not final yet: wait for its window and finalize it"),
            Map.entry("NotSoups", "{caller} is not the soups contract {soups}"),
            Map.entry("AlreadyFinal", "soup {soupId} is final already"),
            Map.entry(
                    "WrongValue",
                    "{value} wei were sent, {amount} were announced: for the native coin both must be equal, for a token no wei may be sent"),
            Map.entry(
                    "PaymentInProgress",
                    "the token called back into the royalties contract in the middle of a payment: send this call in a transaction of its own"),
            Map.entry(
                    "NothingReceived", "no amount of token {token} arrived: pay more than zero, in a token that moves"),
            Map.entry("AmountTooLarge", "{amount} is more than the contract can hold ({max})"),
            Map.entry("IntervalInvalid", "[{start}, {end}) is no interval of billionths"),
            Map.entry("IndexOutOfRange", "index {index} is out of range"),
            Map.entry(
                    "WeightNotProven",
                    "the weights of soup {soupId} hold no such entry {index}: check identity, interval and proof"),
            Map.entry(
                    "Overdrawn",
                    "soup {soupId} has received {received} and paid {paid}; {due} more would overdraw it: its weights overlap"),
            Map.entry("SameSoup", "soup {soupId} cannot pull from itself"),
            Map.entry("ZeroAddress", "the zero address is not allowed here"),
            Map.entry("EscrowTooLow", "{payer}'s escrow in {token} holds {available}, {requested} were asked for"),
            Map.entry("WithdrawalPending", "the withdrawal can be made from {notBefore} (block time) on"),
            Map.entry("NoWithdrawalRequested", "{payer} announced no withdrawal of {token}: announce it first"),
            Map.entry("SendFailed", "{to} did not accept {amount} wei: let it accept them or name another receiver"),
            Map.entry("PayThroughFunction", "a bare transfer names no soup: call pay"),
            // verifiers
            Map.entry("QuorumNotReached", "{valid} operators signed, {threshold} are needed"),
            Map.entry("NotAnOperator", "{signer} is not an operator of the quorum"),
            Map.entry(
                    "SignersNotAscending",
                    "{signer} follows {previous}: give signatures in ascending order of the signers, each once"),
            Map.entry("SignaturesMalformed", "{length} bytes are no whole number of 65-byte signatures"),
            Map.entry("ThresholdInvalid", "a threshold of {threshold} of {operators} operators is impossible"),
            Map.entry("TierNotAffirming", "an appraisal of tier {tier} registers no key; it must be affirming (2)"),
            Map.entry("TechnologyRefused", "evidence technology {technology} proves nothing about hardware"),
            Map.entry("MeasurementNotAllowed", "measurement {measurementHash} is not on the allow-list"),
            Map.entry(
                    "AppraisalExpired",
                    "the appraisal ended at {expiry}, the chain's clock is {timestamp}: appraise again"),
            Map.entry("AppraisalUsed", "evidence {evidenceHash} registered a key before: appraise fresh evidence"),
            Map.entry("SessionKeyUnknown", "session key {sessionKey} was not registered"),
            Map.entry(
                    "SessionKeyExpired",
                    "session key {sessionKey} ended at {expiry} (now {timestamp}): appraise again"),
            Map.entry("SessionKeyRevoked", "session key {sessionKey} was revoked"),
            Map.entry(
                    "SessionKeyMismatch",
                    "the statement was signed by {recovered}, but it names the key with hash {sessionKeyHash}"),
            Map.entry(
                    "StatementExpired",
                    "the statement ended at {expiry}, the chain's clock is {timestamp}: attest again"),
            Map.entry("KeyUnknown", "platform key {keyHash} was not registered"),
            Map.entry("KeyExpired", "platform key {keyHash} ended at {expiry} (now {timestamp}): appraise again"),
            Map.entry("KeyRevoked", "platform key {keyHash} was revoked"),
            Map.entry("TeeTypeMismatch", "the quote is of TEE type {given}, expected {expected}"),
            Map.entry("TcbMismatch", "the quote's firmware level {given} is not the appraised one {registered}"),
            Map.entry("ReportDataMismatch", "the quote binds {given}, not this delta's statement {statement}"),
            Map.entry("BadQuoteSignature", "the quote is not signed by platform key {keyHash}"),
            Map.entry("QuoteMalformed", "the quote's {field} is {given}, expected {expected}"),
            Map.entry("QuoteDebug", "the quote is from a debug enclave: its memory is open to the host"),
            Map.entry(
                    "QuoteSeptVeEnabled",
                    "the quote is from a TD that accepts injected exceptions (SEPT_VE_DISABLE is 0)"),
            Map.entry(
                    "QuoteModule", "the quote is from a TDX module with attributes, a foreign signer or a service TD"),
            Map.entry(
                    "NotATestChain", "chain {chainId} is not a test chain: development evidence does not exist there"),
            Map.entry("ZeroAnchor", "the development verifier needs the attester's address"),
            Map.entry("NotTheAnchor", "the development evidence is signed by {recovered}, not by {anchor}"),
            // ledger
            Map.entry("ForkExists", "fork {forkId} exists already: choose another nonce"),
            Map.entry("UnknownFork", "no fork {forkId} exists: fork the model first"),
            Map.entry("EpochOutOfOrder", "the next epoch of fork {forkId} is {expected}, not {given}"),
            Map.entry(
                    "OpOutOfOrder",
                    "the next operation of fork {forkId} is {expected}, not {given}: anchor without gaps"),
            Map.entry("EmptyEpoch", "operations {firstOpId} to {lastOpId} are none"),
            Map.entry("ZeroRoot", "an epoch's root cannot be zero"),
            // of the libraries below
            Map.entry("AddressEmptyCode", "there is no contract at {target}: check the address and the chain"),
            Map.entry(
                    "FailedCall",
                    "the scheduled call failed and gave no reason: simulate it by itself, then execute again"),
            Map.entry(
                    "ERC1967InvalidImplementation",
                    "there is no contract at {implementation}: deploy the implementation before upgrading to it"),
            Map.entry("ERC1967NonPayable", "an upgrade without a call takes no money: send it without value"),
            Map.entry(
                    "ERC1967ProxyUninitialized",
                    "the proxy was created without its initializer: give initialize(owner, guardian) as its data"),
            Map.entry(
                    "InvalidInitialization", "the registry was initialized before: it is done once, by the deployment"),
            Map.entry("NotInitializing", "this function is for the initializer alone"),
            Map.entry(
                    "UUPSUnauthorizedCallContext",
                    "this function is called through the registry's proxy: use the proxy's address"),
            Map.entry(
                    "UUPSUnsupportedProxiableUUID",
                    "the new implementation names storage slot {slot}, which no registry does: upgrade to a BitDeltaRegistry"),
            Map.entry(
                    "AccessControlBadConfirmation",
                    "a role is renounced by its own account: name the sender's address"),
            Map.entry(
                    "AccessControlUnauthorizedAccount",
                    "{account} has no role {neededRole} in the timelock: send with an account that proposes or executes"),
            Map.entry(
                    "TimelockInsufficientDelay",
                    "a delay of {delay} seconds is below the timelock's {minDelay}: schedule with that or more"),
            Map.entry(
                    "TimelockInvalidOperationLength",
                    "{targets} targets, {values} values and {payloads} payloads were given: give as many of each"),
            Map.entry(
                    "TimelockUnauthorizedCaller",
                    "{caller} is not the timelock itself: schedule the change through it"),
            Map.entry(
                    "TimelockUnexecutedPredecessor",
                    "operation {predecessorId} comes first and was not executed: execute it before this one"),
            Map.entry(
                    "TimelockUnexpectedOperationState",
                    "operation {operationId} is in another state than the ones expected ({expectedStates}): look whether it was scheduled, is ready or was executed"),
            Map.entry(
                    "CheckpointUnorderedInsertion",
                    "the chain's clock went back between two rotations: send this again in a later block"),
            Map.entry("StringsInsufficientHexLength", "{value} does not fit into {length} hex digits: report this"),
            Map.entry(
                    "SafeERC20FailedOperation",
                    "token {token} refused the transfer: check the balance, the allowance, and whether the token blocks one of the accounts"),
            Map.entry(
                    "ERC20InsufficientBalance",
                    "{sender} has {balance} of the token and needs {needed}: fund the account"),
            Map.entry(
                    "ERC20InsufficientAllowance",
                    "{spender} may take {allowance} of the token and needs {needed}: approve that much first"),
            Map.entry("ERC20InvalidSender", "tokens cannot be sent from {sender}: use another account"),
            Map.entry("ERC20InvalidReceiver", "tokens cannot be sent to {receiver}: use another address"),
            Map.entry("ERC20InvalidApprover", "{approver} cannot approve: use another account"),
            Map.entry("ERC20InvalidSpender", "{spender} cannot be approved: use another address"),
            Map.entry("ERC2612ExpiredSignature", "the permit was valid until {deadline}: sign a new one"),
            Map.entry(
                    "ERC2612InvalidSigner",
                    "the permit was signed by {signer}, not by {owner}: sign with the owner's key for this token and chain"),
            Map.entry(
                    "InvalidAccountNonce",
                    "the permit's nonce is not {currentNonce}, the next one of {account}: sign a new one"),
            Map.entry("ECDSAInvalidSignature", "the signature is none: sign again"),
            Map.entry("ECDSAInvalidSignatureLength", "the signature has {length} bytes and needs 65: sign again"),
            Map.entry(
                    "ECDSAInvalidSignatureS",
                    "the signature's s is {s}, in the upper half of the range: use the other form of it"),
            Map.entry("StringTooLong", "the name {str} is longer than 31 bytes: report this"),
            Map.entry("InvalidShortString", "a short name in the contract is damaged: report this"));

    private Sentences() {}

    /** The sentence of an error; for one that is not ours the name and values alone. */
    static String of(String name, Map<String, String> values) {
        String template = SENTENCES.get(name);
        if (template == null) {
            return name + " " + values;
        }
        Matcher matcher = PLACE.matcher(template);
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(
                    text, Matcher.quoteReplacement(values.getOrDefault(matcher.group(1), matcher.group())));
        }
        return matcher.appendTail(text).toString();
    }

    static boolean knows(String name) {
        return SENTENCES.containsKey(name);
    }
}
