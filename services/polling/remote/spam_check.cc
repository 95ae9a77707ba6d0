#include "services/polling/remote/spam_check.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/status.h"
#include "services/polling/domain/comment_rules.h"
#include "veche/classification/v1/classification.grpc.pb.h"

namespace veche::polling {
namespace {

using classification::v1::AssessSpamResponse;

// The writer waits for the answer, and a moderator can decide as well.
constexpr absl::Duration kPatience = absl::Milliseconds(500);
constexpr double kSpamFrom = 0.5;

// What the writer has to change. A reason of a newer release reads like the general one.
Text ProblemOf(AssessSpamResponse::Reason reason) {
  switch (reason) {
    case AssessSpamResponse::LINKS:
      return {"LINKS_NOT_YET", {{"days", absl::StrCat(kNewAccount / absl::Hours(24))}}};
    case AssessSpamResponse::CONTACTS:
      return "CONTACTS_NOT_YET";
    case AssessSpamResponse::CAPITALS:
      return "TOO_MANY_CAPITALS";
    case AssessSpamResponse::REPETITION:
      return "REPEATS_ITSELF";
    case AssessSpamResponse::SAID_BEFORE:
      return "SAID_ALREADY";
    case AssessSpamResponse::MIXED_ALPHABETS:
      return "MIXED_ALPHABETS";
    default:
      return "READS_LIKE_ADVERT";
  }
}

}  // namespace

SpamCheck AskClassification(rpc::Channels& channels, observe::Telemetry telemetry) {
  std::shared_ptr<classification::v1::Classification::StubInterface> stub =
      classification::v1::Classification::NewStub(channels.For("classification"));
  return [stub = std::move(stub), telemetry = std::move(telemetry)](
             const rpc::Call& call, const std::string& text,
             const std::vector<std::string>& recent) -> absl::StatusOr<Text> {
    classification::v1::AssessSpamRequest request;
    request.set_text(text);
    for (const std::string& earlier : recent) request.add_recent_texts(earlier);
    const auto context = call.NewContext(kPatience);
    AssessSpamResponse response;
    const absl::Status asked = rpc::FromGrpc(stub->AssessSpam(context.get(), request, &response));
    if (!asked.ok()) {
      telemetry.logger->Warning("spam not checked", {{"error", asked.ToString()}});
      return asked;
    }
    if (response.probability() < kSpamFrom) return Text();
    return ProblemOf(response.reasons().empty() ? AssessSpamResponse::REASON_UNSPECIFIED
                                                : response.reasons(0));
  };
}

}  // namespace veche::polling
