#include "services/appeals/workers/router.h"

#include <iterator>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/text/fingerprint.h"
#include "common/text/mask.h"
#include "common/text/stem.h"
#include "services/appeals/domain/changes.h"
#include "services/appeals/routing/reroute.h"
#include "services/appeals/storage/wire_types.h"
#include "veche/appeals/v1/events.pb.h"

namespace veche::appeals {
namespace {

constexpr int kTries = 5;

// The classifier's answer, for the event: classification learns from what staff make of it.
Suggested ToSuggested(const Suggestion& suggestion) {
  Suggested suggested{.confident = suggestion.confident, .model = suggestion.model};
  if (!suggestion.candidates.empty()) {
    suggested.category = suggestion.candidates[0].category;
    suggested.probability = suggestion.candidates[0].probability;
  }
  return suggested;
}

// Whether an event changes one of the inputs of an appeal's priority.
bool MayChangePriority(const events::Event& event) {
  switch (ParseEventType(event.type)) {
    case EventType::kRecategorized:
    case EventType::kRelocated:
    case EventType::kSupported:
    case EventType::kUnsupported:
    case EventType::kMergedFrom:
      return true;
    case EventType::kAssigned: {
      v1::AppealEvent data;
      return data.ParseFromString(event.data) && !data.actor().empty() &&
             data.has_previous_category();
    }
    default:
      return false;
  }
}

// The search terms of an appeal.
std::vector<std::string> WithAddress(const std::vector<std::string>& text_terms,
                                     const Appeal& appeal) {
  std::vector<std::string> terms;
  absl::c_set_union(text_terms, text::SearchTerms(text::MaskPersonalData(appeal.address)),
                    std::back_inserter(terms));
  return terms;
}

}  // namespace

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
  absl::flat_hash_set<std::string> revised;
  for (const events::Event& event : events) {
    absl::string_view id = event.subject;
    if (!absl::ConsumePrefix(&id, "appeals/")) continue;
    const bool submitted = ParseEventType(event.type) == EventType::kSubmitted;
    if (!submitted && !(MayChangePriority(event) && revised.emplace(id).second)) continue;
    ids.emplace_back(id);
  }
  if (ids.empty()) {
    return events::Effect([](sql::Transaction&) { return absl::OkStatus(); });
  }
  const std::shared_ptr<const CitySnapshot> city = city_.Get();
  if (city == nullptr) return absl::UnavailableError("the directory was not reached yet");
  ASSIGN_OR_RETURN(const std::shared_ptr<const RuleSet> rules, rules_.Get());
  ASSIGN_OR_RETURN(std::vector<Appeal> appeals, store_.GetMany(ids));
  std::erase_if(appeals, [&](const Appeal& appeal) {
    return appeal.routed && !(IsOpen(appeal.state) && revised.contains(appeal.id));
  });
  auto findings = std::make_shared<std::vector<Finding>>();
  RETURN_IF_ERROR(Classify(appeals, *findings));
  for (size_t i = 0; i < appeals.size(); ++i) {
    Finding& finding = (*findings)[i];
    RETURN_IF_ERROR(LookAround(appeals[i], *city, *rules, finding));
    Appeal changed = appeals[i];
    Record record;
    RETURN_IF_ERROR(Apply(finding, *city, *rules, changed, record));
    finding.changes = finding.is_new || !record.events.empty();
    if (finding.changes) finding.change = store_.Prepare(appeals[i], changed, record);
  }
  return events::Effect([this, city, rules,
                         findings](sql::Transaction& transaction) -> absl::Status {
    for (const Finding& finding : *findings) {
      if (!finding.changes) continue;
      ASSIGN_OR_RETURN(const bool applied, store_.Apply(transaction, finding.change));
      // The change in between has an event of its own, which is handled too.
      if (!finding.is_new) continue;
      if (applied) {
        RETURN_IF_ERROR(store_.Index(transaction, finding.id, finding.terms));
        continue;
      }
      // Changed since it was read: recompute from the current row.
      auto apply = [&](Appeal& appeal, Record& record) {
        return Apply(finding, *city, *rules, appeal, record);
      };
      ASSIGN_OR_RETURN(const Appeal now, store_.Update(transaction, finding.id, apply));
      RETURN_IF_ERROR(store_.Index(transaction, finding.id, WithAddress(finding.text_terms, now)));
    }
    return absl::OkStatus();
  });
}

absl::Status Router::LookAround(Appeal appeal, const CitySnapshot& city, const RuleSet& rules,
                                Finding& finding) {
  finding.is_new = !appeal.routed;
  if (finding.is_new) {
    Understand(finding, city, appeal);
    appeal.category = Decide(finding, city, rules, appeal).category;
  }
  if (appeal.location && !appeal.category.empty()) {
    finding.similar_category = appeal.category;
    ASSIGN_OR_RETURN(finding.similar_count,
                     store_.CountSimilar(appeal.id, appeal.category, *appeal.location,
                                         clock_.Now() - kSimilarFor));
  }
  return absl::OkStatus();
}

absl::Status Router::Classify(const std::vector<Appeal>& appeals, std::vector<Finding>& findings) {
  findings.resize(appeals.size());
  // Stemming takes about as long as the classifier's answers.
  auto collect_terms = [&] {
    for (size_t i = 0; i < appeals.size(); ++i) {
      Finding& finding = findings[i];
      finding.text_terms = text::SearchTerms(PublicText(appeals[i]));
      finding.terms = WithAddress(finding.text_terms, appeals[i]);
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
      // Find out whether this text is too slow, or every text.
      return !alone || !classifier_.Works() || ++tries_[id] < kTries;
    default:
      return true;
  }
}

DepartmentChoice Router::Decide(const Finding& finding, const CitySnapshot& city,
                                const RuleSet& rules, const Appeal& appeal) const {
  return DecideNew(
      FactsOf(appeal, finding.text_terms, calendar_.zone()),
      {.rules = rules, .city = city, .suggestion = &finding.suggestion, .options = options_},
      appeal.priority == Priority::kEmergency);
}

void Router::Revise(const Finding& finding, Appeal& appeal, Record& record) const {
  if (!IsOpen(appeal.state)) return;
  // Without an answer, the reasons from the text stay as they were.
  std::vector<triage::Reason> reasons =
      finding.suggestion.model.empty() ? appeal.reasons : finding.suggestion.reasons;
  const int64_t similar =
      finding.similar_category == appeal.category ? finding.similar_count : appeal.similar_count;
  const bool same = reasons == appeal.reasons && similar == appeal.similar_count;
  appeal.reasons = std::move(reasons);
  appeal.similar_count = similar;
  RefreshPriority(appeal, clock_.Now(), record);
  if (!same && record.events.empty()) AddEvent(record, EventType::kReprioritized, Actor{});
}

void Router::Understand(const Finding& finding, const CitySnapshot& city, Appeal& appeal) const {
  appeal.language = finding.suggestion.language;
  appeal.advice = finding.suggestion.advice;
  appeal.reasons = finding.suggestion.reasons;
  appeal.moderation = finding.suggestion.moderation;
  appeal.fingerprint = finding.fingerprint;
  if (appeal.district.empty() && appeal.location) {
    appeal.district = city.DistrictAt(*appeal.location);
  }
  // A rule may have the priority as a condition.
  appeal.priority = PriorityOf(appeal);
}

absl::Status Router::Apply(const Finding& finding, const CitySnapshot& city, const RuleSet& rules,
                           Appeal& appeal, Record& record) {
  if (appeal.routed) {
    Revise(finding, appeal, record);
    return absl::OkStatus();
  }
  const absl::Time now = clock_.Now();
  const Actor system;
  appeal.routed = true;
  appeal.updated = now;
  Understand(finding, city, appeal);
  // A person has already assigned the appeal, or it was imported with its history: keep that.
  const bool waits = appeal.state == State::kSubmitted;
  if (waits) {
    DepartmentChoice choice = Decide(finding, city, rules, appeal);
    appeal.category = std::move(choice.category);
    if (appeal.department.empty()) {
      appeal.department = std::move(choice.department);
      appeal.routing = std::move(choice.reason);
    }
  } else if (appeal.category.empty()) {
    appeal.category = SureCategory(finding.suggestion, city);
  }
  if (appeal.category == finding.similar_category) appeal.similar_count = finding.similar_count;
  appeal.priority = PriorityOf(appeal);
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
  const Text text = appeal.department.empty() ? "LEFT_TO_A_PERSON" : "";
  RETURN_IF_ERROR(
      ApplyStep(appeal, {.action = Action::kRegister, .actor = system, .now = now, .text = text},
                calendar_, record));
  if (!finding.suggestion.model.empty()) {
    record.events.back().suggested = ToSuggested(finding.suggestion);
  }
  if (appeal.department.empty()) return absl::OkStatus();
  return ApplyStep(
      appeal,
      {.action = Action::kAssign, .actor = system, .now = now, .text = Describe(appeal.routing)},
      calendar_, record);
}

}  // namespace veche::appeals
