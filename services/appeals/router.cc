#include "services/appeals/router.h"

#include <iterator>

#include "absl/algorithm/container.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/text/fingerprint.h"
#include "common/text/mask.h"
#include "common/text/stem.h"
#include "services/appeals/changes.h"
#include "services/appeals/routing/reroute.h"

namespace veche::appeals {
namespace {

constexpr absl::string_view kSubmitted = "veche.appeals.submitted";
// Without confidence, a candidate is still followed when it is this probable and so far ahead.
// A department that got it by mistake passes it on; what nobody got, nobody reads.
constexpr double kProbable = 0.35;
constexpr double kAhead = 2;
constexpr int kTries = 5;

// What the classifier said, for the event: it learns from what people make of it.
Suggested ToSuggested(const classification::v1::SuggestResponse& suggestion) {
  Suggested suggested{.confident = suggestion.confident(), .model = suggestion.model()};
  if (!suggestion.candidates().empty()) {
    suggested.category = suggestion.candidates(0).category();
    suggested.probability = suggestion.candidates(0).probability();
  }
  return suggested;
}

// What the classifier said for staff alone.
void TakeOver(const classification::v1::SuggestResponse& suggestion, Appeal& appeal) {
  appeal.reasons.clear();
  for (const auto& reason : suggestion.priority_reasons()) {
    appeal.reasons.push_back({reason.reason(), reason.points(), reason.evidence()});
  }
  const classification::v1::Moderation& moderation = suggestion.moderation();
  appeal.moderation = {.toxicity = moderation.toxicity(),
                       .spam = moderation.spam(),
                       .reasons = {moderation.reasons().begin(), moderation.reasons().end()},
                       .waits = !moderation.reasons().empty()};
}

}  // namespace

std::string ChooseCategory(absl::string_view authors,
                           const classification::v1::SuggestResponse& suggestion,
                           const CitySnapshot& city) {
  if (city.FindCategory(authors) != nullptr) return std::string(authors);
  if (suggestion.candidates().empty()) return "";
  const auto& first = suggestion.candidates(0);
  if (city.FindCategory(first.category()) == nullptr) return "";
  if (suggestion.confident()) return first.category();
  const double second =
      suggestion.candidates_size() > 1 ? suggestion.candidates(1).probability() : 0;
  const bool far_ahead = first.probability() >= kProbable && first.probability() >= kAhead * second;
  return far_ahead ? first.category() : "";
}

Router::Router(Store& store, const City& city, RuleBook& rules,
               std::shared_ptr<grpc::Channel> classification, const WorkingCalendar& calendar,
               const Clock& clock, observe::Telemetry telemetry, RoutingOptions options)
    : store_(store),
      city_(city),
      rules_(rules),
      classifier_(std::move(classification)),
      calendar_(calendar),
      clock_(clock),
      telemetry_(std::move(telemetry)),
      options_(options) {}

absl::StatusOr<events::Effect> Router::Handle(absl::Span<const events::Event> events) {
  std::vector<std::string> ids;
  for (const events::Event& event : events) {
    absl::string_view id = event.subject;
    if (event.type == kSubmitted && absl::ConsumePrefix(&id, "appeals/")) ids.emplace_back(id);
  }
  if (ids.empty()) {
    return events::Effect([](sql::Transaction&) { return absl::OkStatus(); });
  }
  const std::shared_ptr<const CitySnapshot> city = city_.Get();
  if (city == nullptr) return absl::UnavailableError("the directory was not reached yet");
  ASSIGN_OR_RETURN(const std::shared_ptr<const RuleSet> rules, rules_.Get());
  ASSIGN_OR_RETURN(std::vector<Appeal> appeals, store_.GetMany(ids));
  std::erase_if(appeals, [](const Appeal& appeal) { return appeal.routed; });
  auto findings = std::make_shared<std::vector<Finding>>();
  RETURN_IF_ERROR(Classify(appeals, *findings));
  for (size_t i = 0; i < appeals.size(); ++i) {
    Appeal routed = appeals[i];
    Record record;
    RETURN_IF_ERROR(Apply((*findings)[i], *city, *rules, routed, record));
    (*findings)[i].change = store_.Prepare(appeals[i], routed, record);
  }
  return events::Effect(
      [this, city, rules, findings](sql::Transaction& transaction) -> absl::Status {
        for (const Finding& finding : *findings) {
          ASSIGN_OR_RETURN(const bool applied, store_.ApplyIn(transaction, finding.change));
          if (!applied) {  // somebody was faster: by what it is now
            auto apply = [&](Appeal& appeal, Record& record) {
              return Apply(finding, *city, *rules, appeal, record);
            };
            RETURN_IF_ERROR(store_.UpdateIn(transaction, finding.id, apply).status());
          }
          RETURN_IF_ERROR(store_.IndexIn(transaction, finding.id, finding.terms));
        }
        return absl::OkStatus();
      });
}

absl::Status Router::Classify(const std::vector<Appeal>& appeals, std::vector<Finding>& findings) {
  findings.resize(appeals.size());
  // Stemming takes as long as the answers do.
  auto collect_terms = [&] {
    for (size_t i = 0; i < appeals.size(); ++i) {
      Finding& finding = findings[i];
      finding.text_terms = text::SearchTerms(PublicText(appeals[i]));
      const std::vector<std::string> address =
          text::SearchTerms(text::MaskPersonalData(appeals[i].address));
      absl::c_set_union(finding.text_terms, address, std::back_inserter(finding.terms));
      finding.fingerprint = text::Fingerprint(finding.text_terms);
    }
  };
  std::vector<TextClassifier::Answer> answers = classifier_.Ask(appeals, collect_terms);
  absl::Status passing;
  for (size_t i = 0; i < appeals.size(); ++i) {
    findings[i].id = appeals[i].id;
    const absl::Status& status = answers[i].status;
    if (status.ok()) {
      findings[i].suggestion = std::move(answers[i].suggestion);
      continue;
    }
    if (WaitsFor(appeals[i].id, status, appeals.size() == 1)) {
      passing.Update(status);
      continue;
    }
    telemetry_.logger->Warning("an appeal could not be classified",
                               {{"appeal", appeals[i].id}, {"error", status.ToString()}});
  }
  if (passing.ok()) {
    for (const Appeal& appeal : appeals) tries_.erase(appeal.id);
  }
  return passing;
}

bool Router::WaitsFor(const std::string& id, const absl::Status& status, bool alone) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kNotFound:
      return false;
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return ++tries_[id] < kTries;
    case absl::StatusCode::kDeadlineExceeded:
      // Too slow for this text, or for every text?
      return !alone || !classifier_.Works() || ++tries_[id] < kTries;
    default:
      return true;
  }
}

void Router::Route(const Finding& finding, const CitySnapshot& city, const RuleSet& rules,
                   Appeal& appeal) {
  appeal.category = ChooseCategory(appeal.category, finding.suggestion, city);
  DepartmentChoice choice = ChooseDepartment(
      FactsOf(appeal, finding.text_terms, calendar_.zone()),
      {.rules = rules, .city = city, .suggestion = &finding.suggestion, .options = options_});
  appeal.category = std::move(choice.category);
  if (!appeal.department.empty()) return;
  appeal.department = std::move(choice.department);
  appeal.routing = std::move(choice.reason);
}

absl::Status Router::Apply(const Finding& finding, const CitySnapshot& city, const RuleSet& rules,
                           Appeal& appeal, Record& record) {
  if (appeal.routed) return absl::OkStatus();
  const absl::Time now = clock_.Now();
  const Actor system;
  appeal.routed = true;
  appeal.updated = now;
  appeal.language = finding.suggestion.language();
  appeal.advice = finding.suggestion.advice();
  TakeOver(finding.suggestion, appeal);
  appeal.fingerprint = finding.fingerprint;
  if (appeal.priority == Priority::kUnknown) {
    const auto suggested = static_cast<Priority>(finding.suggestion.priority());
    appeal.priority = suggested == Priority::kUnknown ? Priority::kNormal : suggested;
  }
  if (appeal.district.empty() && appeal.location) {
    appeal.district = city.DistrictAt(*appeal.location);
  }
  // Somebody was faster, or it came with its history: what they said stands.
  const bool waits = appeal.state == State::kSubmitted;
  if (waits) {
    Route(finding, city, rules, appeal);
  } else if (appeal.category.empty()) {
    appeal.category = ChooseCategory("", finding.suggestion, city);
  }
  if (const auto* category = city.FindCategory(appeal.category); category != nullptr) {
    ApplyCategoryTerms(city, appeal);
    if (appeal.department.empty()) appeal.department = category->department;
  } else {
    if (appeal.clock.response_hours == 0) appeal.clock.response_hours = city.response_hours;
    if (appeal.legal_profile.empty()) appeal.legal_profile = city.legal_profile;
  }
  if (!waits) {
    RefreshDeadline(appeal, calendar_, now, "", record);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(
      Take(appeal, {.action = Action::kRegister, .actor = system, .now = now}, calendar_, record));
  if (!finding.suggestion.model().empty()) {
    record.events.back().suggested = ToSuggested(finding.suggestion);
  }
  if (appeal.department.empty()) return absl::OkStatus();
  return Take(
      appeal,
      {.action = Action::kAssign, .actor = system, .now = now, .comment = Describe(appeal.routing)},
      calendar_, record);
}

}  // namespace veche::appeals
