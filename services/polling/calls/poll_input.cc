#include "services/polling/calls/poll_input.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/timestamp.h"
#include "common/base/id.h"
#include "common/base/texts.h"
#include "google/protobuf/util/field_mask_util.h"
#include "services/polling/counting/question.h"

namespace veche::polling {
namespace {

constexpr size_t kMostTitle = 300;           // bytes
constexpr size_t kMostDescription = 20'000;  // bytes
constexpr size_t kMostText = 1'000;          // bytes
constexpr int kMostQuestions = 20;
constexpr int kMostDistricts = 100;
constexpr int kMostSubjects = 20;
constexpr int kDefaultBallots = 20;
constexpr int kDefaultSeconds = 600;
constexpr int kDefaultScale = 5;
constexpr size_t kKeyBytes = 32;
constexpr absl::Duration kLongest = absl::Hours(24 * 366);
// The fields of v1::Poll that an update may replace.
constexpr const char* kReplaceable[] = {
    "titles",     "descriptions",   "questions", "districts", "eligibility", "open_time",
    "close_time", "results_hidden", "batch",     "issuers",   "subjects"};

template <typename Map>
protocol::TextsByLanguage ReadTexts(const Map& texts, const std::string& field, size_t most,
                                    bool required, Violations& violations) {
  protocol::TextsByLanguage result;
  if (required && texts.empty()) violations.Add(field, "REQUIRED");
  for (const auto& [language, text] : texts) {
    const std::string path = absl::StrCat(field, ".", language);
    if (!IsLanguage(language)) {
      violations.Add(path, "LANGUAGE_UNKNOWN");
    } else if (absl::StripAsciiWhitespace(text).empty()) {
      violations.Add(path, "MUST_NOT_BE_EMPTY");
    } else if (text.size() > most) {
      violations.Add(path, {"TOO_MANY_BYTES", {{"most", absl::StrCat(most)}}});
    } else {
      result[language] = text;
    }
  }
  return result;
}

std::string ReadId(const std::string& id, absl::string_view by_default, const std::string& field,
                   Violations& violations) {
  if (id.empty()) return std::string(by_default);
  const bool fits = id.size() <= 32 && absl::c_all_of(id, [](char c) {
                      return absl::ascii_islower(static_cast<unsigned char>(c)) ||
                             absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '_' ||
                             c == '-';
                    });
  if (!fits) violations.Add(field, "POLL_ID_FORM");
  return id;
}

Text TextOf(counting::QuestionError error) {
  switch (error) {
    case counting::QuestionError::kNone:
      return {};
    case counting::QuestionError::kTooFewOptions:
      return "QUESTION_TOO_FEW_OPTIONS";
    case counting::QuestionError::kTooManyOptions:
      return "QUESTION_TOO_MANY_OPTIONS";
    case counting::QuestionError::kOptionId:
      return "QUESTION_OPTION_ID";
    case counting::QuestionError::kLimits:
      return "QUESTION_LIMITS";
    case counting::QuestionError::kPrice:
      return "QUESTION_PRICE";
    case counting::QuestionError::kBudget:
      return "QUESTION_BUDGET";
    case counting::QuestionError::kMethod:
      return "QUESTION_METHOD";
  }
  return {};
}

bool IsPicture(absl::string_view picture) {
  return picture.empty() || (picture.size() == 64 && absl::c_all_of(picture, [](char c) {
                               return absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
                                      (c >= 'a' && c <= 'f');
                             }));
}

protocol::Definition::Option ReadOption(const v1::Option& option, int position,
                                        const std::string& field, bool named,
                                        Violations& violations) {
  if (!IsPicture(option.picture())) violations.Add(field + ".picture", "PICTURE_HASH");
  return {.id = ReadId(option.id(), absl::StrCat(named ? "" : "o", position + 1), field + ".id",
                       violations),
          .texts = ReadTexts(option.texts(), field + ".texts", kMostText, !named, violations),
          .price = option.price(),
          .picture = option.picture()};
}

// The options of a RATING question are the values of a scale, which need no texts.
void ReadOptions(const v1::Question& question, const std::string& field,
                 protocol::Definition::Question& out, Violations& violations) {
  const bool rating = question.type() == v1::Question::RATING;
  for (int i = 0; i < question.options_size(); ++i) {
    out.options.push_back(ReadOption(question.options(i), i,
                                     absl::StrCat(field, ".options[", i, "]"), rating, violations));
  }
  if (!rating || !out.options.empty()) return;
  for (int value = 1; value <= kDefaultScale; ++value) {
    out.options.push_back({.id = absl::StrCat(value)});
  }
}

void CheckCounting(const protocol::Definition::Question& question, const std::string& field,
                   Violations& violations) {
  const auto type = counting::FindQuestionType(question.type);
  const auto method = counting::FindMethod(question.method);
  if (!type) return violations.Add(field + ".type", "UNKNOWN_VALUE");
  if (!method) return violations.Add(field + ".method", "QUESTION_METHOD");
  counting::Question counted{.method = *method,
                             .min = static_cast<int>(question.min),
                             .max = static_cast<int>(question.max),
                             .budget = question.budget};
  for (const auto& option : question.options) counted.options.push_back({option.id, option.price});
  const Text problem = TextOf(counting::CheckQuestion(counted, *type));
  if (!problem.empty()) violations.Add(field, problem);
}

protocol::Definition::Question ReadQuestion(const v1::Question& question, int position,
                                            Violations& violations) {
  const std::string field = absl::StrCat("questions[", position, "]");
  protocol::Definition::Question out{
      .id = ReadId(question.id(), absl::StrCat("q", position + 1), field + ".id", violations),
      .type = v1::Question::Type_Name(question.type()),
      .method = question.method(),
      .texts = ReadTexts(question.texts(), field + ".texts", kMostText, true, violations),
      .budget = question.budget(),
      .shuffled = question.shuffled()};
  ReadOptions(question, field, out, violations);
  const bool one =
      question.type() == v1::Question::SINGLE || question.type() == v1::Question::RATING;
  out.min = question.has_min() ? question.min() : 1;
  out.max =
      question.has_max() ? question.max() : (one ? 1 : static_cast<int64_t>(out.options.size()));
  if (out.method.empty()) {
    if (const auto type = counting::FindQuestionType(out.type)) {
      out.method = std::string(counting::Word(counting::DefaultMethod(*type)));
    }
  }
  CheckCounting(out, field, violations);
  return out;
}

void ReadQuestions(const v1::Poll& poll, protocol::Definition& definition, Violations& violations) {
  if (poll.questions().empty()) violations.Add("questions", "REQUIRED");
  if (poll.questions_size() > kMostQuestions) {
    return violations.Add("questions", {"TOO_MANY", {{"most", absl::StrCat(kMostQuestions)}}});
  }
  std::vector<std::string> ids;
  for (int i = 0; i < poll.questions_size(); ++i) {
    definition.questions.push_back(ReadQuestion(poll.questions(i), i, violations));
    const std::string& id = definition.questions.back().id;
    if (absl::c_linear_search(ids, id)) {
      violations.Add(absl::StrCat("questions[", i, "].id"), "REPEATED");
    }
    ids.push_back(id);
  }
}

void ReadTimes(const v1::Poll& poll, absl::Time now, protocol::Definition& definition,
               Violations& violations) {
  absl::Time open = now;
  if (poll.has_open_time()) {
    open = api::FromTimestamp(poll.open_time());
    definition.open_time = absl::ToUnixSeconds(open);
    if (open > now + kLongest) violations.Add("openTime", "POLL_TOO_FAR");
  }
  if (!poll.has_close_time()) return violations.Add("closeTime", "REQUIRED");
  const absl::Time close = api::FromTimestamp(poll.close_time());
  definition.close_time = absl::ToUnixSeconds(close);
  if (close <= std::max(now, open)) {
    violations.Add("closeTime", "POLL_CLOSE_TIME");
  } else if (close > std::max(now, open) + kLongest) {
    violations.Add("closeTime", "POLL_TOO_FAR");
  }
}

void ReadElectorate(const v1::Poll& poll, const DraftRules& rules, protocol::Definition& definition,
                    Violations& violations) {
  if (poll.districts_size() > kMostDistricts) {
    violations.Add("districts", {"TOO_MANY", {{"most", absl::StrCat(kMostDistricts)}}});
  }
  for (int i = 0; i < poll.districts_size(); ++i) {
    const std::string field = absl::StrCat("districts[", i, "]");
    if (!absl::c_linear_search(rules.districts, poll.districts(i))) {
      violations.Add(field, "DISTRICT_UNKNOWN");
    } else if (absl::c_linear_search(definition.districts, poll.districts(i))) {
      violations.Add(field, "REPEATED");
    }
    definition.districts.push_back(poll.districts(i));
  }
  const int age = poll.eligibility().min_age();
  if (age < 0 || age > 120) {
    violations.Add("eligibility.minAge", {"OUT_OF_RANGE", {{"least", "0"}, {"most", "120"}}});
  }
  definition.min_age = age;
  definition.verified = poll.eligibility().verified();
}

void CheckRange(const char* field, int64_t value, int least, int most, Violations& violations) {
  if (value >= least && value <= most) return;
  violations.Add(field,
                 {"OUT_OF_RANGE", {{"least", absl::StrCat(least)}, {"most", absl::StrCat(most)}}});
}

// A ballot hides among those of its batch.
void ReadBatch(const v1::Poll& poll, bool small_batches, protocol::Definition& definition,
               Violations& violations) {
  definition.batch_ballots = poll.batch().has_ballots() ? poll.batch().ballots() : kDefaultBallots;
  definition.batch_seconds = poll.batch().has_seconds() ? poll.batch().seconds() : kDefaultSeconds;
  CheckRange("batch.ballots", definition.batch_ballots, small_batches ? 1 : kDefaultBallots, 1000,
             violations);
  CheckRange("batch.seconds", definition.batch_seconds, small_batches ? 0 : kDefaultSeconds, 86'400,
             violations);
}

void ReadIssuers(const v1::Poll& poll, const DraftRules& rules, protocol::Definition& definition,
                 Violations& violations) {
  std::vector<std::string> names;
  for (const v1::Issuer& issuer : poll.issuers()) names.push_back(issuer.name());
  if (names.empty()) names.push_back(rules.issuers.front());
  if (names.size() > protocol::kMaxIssuers || names.front() != rules.issuers.front() ||
      !absl::c_all_of(
          names, [&](const auto& name) { return absl::c_linear_search(rules.issuers, name); }) ||
      (names.size() == 2 && names[0] == names[1])) {
    violations.Add("issuers", {"ISSUERS", {{"city", rules.issuers.front()}}});
  }
  for (std::string& name : names) {
    definition.issuers.push_back({std::move(name), "", std::string(kKeyBytes, '\0')});
  }
}

void CheckSubjects(const v1::Poll& poll, Violations& violations) {
  if (poll.subjects_size() > kMostSubjects) {
    violations.Add("subjects", {"TOO_MANY", {{"most", absl::StrCat(kMostSubjects)}}});
  }
  for (int i = 0; i < poll.subjects_size(); ++i) {
    absl::string_view id = poll.subjects(i);
    if ((absl::ConsumePrefix(&id, "appeals/") || absl::ConsumePrefix(&id, "initiatives/")) &&
        IsUlid(id)) {
      continue;
    }
    violations.Add(absl::StrCat("subjects[", i, "]"),
                   {"NAME_FORM", {{"form", "appeals/{id} or initiatives/{id}"}}});
  }
}

}  // namespace

protocol::Definition ToDraft(const v1::Poll& poll, const DraftRules& rules,
                             Violations& violations) {
  protocol::Definition definition;
  definition.titles = ReadTexts(poll.titles(), "titles", kMostTitle, true, violations);
  definition.descriptions =
      ReadTexts(poll.descriptions(), "descriptions", kMostDescription, false, violations);
  ReadQuestions(poll, definition, violations);
  ReadTimes(poll, rules.now, definition, violations);
  ReadElectorate(poll, rules, definition, violations);
  definition.results_hidden = poll.results_hidden();
  ReadBatch(poll, rules.small_batches, definition, violations);
  ReadIssuers(poll, rules, definition, violations);
  CheckSubjects(poll, violations);
  definition.board_key = std::string(kKeyBytes, '\0');
  return definition;
}

google::protobuf::FieldMask ReadUpdateMask(const v1::UpdatePollRequest& request,
                                           Violations& violations) {
  google::protobuf::FieldMask mask;
  for (const std::string& path : request.update_mask().paths()) {
    if (absl::c_linear_search(kReplaceable, path)) {
      mask.add_paths(path);
    } else {
      violations.Add("updateMask", "POLL_UPDATE_MASK");
    }
  }
  if (!request.update_mask().paths().empty()) return mask;
  const google::protobuf::Reflection& reflection = *v1::Poll::GetReflection();
  for (const char* const name : kReplaceable) {
    const auto* field = v1::Poll::GetDescriptor()->FindFieldByName(name);
    const bool given = field->is_repeated() ? reflection.FieldSize(request.poll(), field) > 0
                                            : reflection.HasField(request.poll(), field);
    if (given) mask.add_paths(name);
  }
  return mask;
}

v1::Poll Merge(v1::Poll draft, const v1::Poll& update, const google::protobuf::FieldMask& mask) {
  google::protobuf::util::FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  google::protobuf::util::FieldMaskUtil::MergeMessageTo(update, mask, options, &draft);
  return draft;
}

}  // namespace veche::polling
