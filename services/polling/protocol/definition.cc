#include "services/polling/protocol/definition.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "services/polling/protocol/canonical_json.h"

namespace veche::polling::protocol {
namespace {

using simdjson::dom::element;

std::string EncodeOption(const Definition::Option& option) {
  return JsonObjectWriter()
      .String("id", option.id)
      .Texts("texts", option.texts)
      .Integer("price", option.price)
      .String("picture", option.picture)
      .Take();
}

std::string EncodeQuestion(const Definition::Question& question) {
  return JsonObjectWriter()
      .String("id", question.id)
      .String("type", question.type)
      .String("method", question.method)
      .Texts("texts", question.texts)
      .Integer("min", question.min)
      .Integer("max", question.max)
      .Integer("budget", question.budget)
      .Bool("shuffled", question.shuffled)
      .Array("options", question.options, EncodeOption)
      .Take();
}

std::string EncodeIssuer(const Definition::Issuer& issuer) {
  return JsonObjectWriter()
      .String("name", issuer.name)
      .Base64("publicKey", issuer.public_key)
      .Base64("statementKey", issuer.statement_key)
      .Take();
}

bool IsId(absl::string_view id, size_t most) {
  return !id.empty() && id.size() <= most && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool IsPicture(absl::string_view picture) {
  return picture.empty() ||
         (picture.size() == 64 && std::all_of(picture.begin(), picture.end(), [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
          }));
}

// Reads the member `name` as an id; `used` has the ids of its siblings.
std::string ReadId(JsonObjectReader& object, absl::string_view name, size_t most,
                   std::set<std::string>& used) {
  std::string id = object.String(name);
  if (!IsId(id, most)) {
    object.Fail(name, absl::StrCat("must have 1 to ", most, " characters of a-z, 0-9, _ and -"));
  } else if (!used.insert(id).second) {
    object.Fail(name, "appears more than once");
  }
  return id;
}

Definition::Option ReadOption(element value, std::string path, std::set<std::string>& used,
                              absl::Status* status) {
  JsonObjectReader object(value, std::move(path), {"id", "texts", "price", "picture"}, status);
  Definition::Option option{.id = ReadId(object, "id", kMaxIdBytes, used),
                            .texts = object.Texts("texts"),
                            .price = object.Integer("price"),
                            .picture = object.String("picture")};
  if (!IsPicture(option.picture)) object.Fail("picture", "must be a SHA-256 in hexadecimal");
  return option;
}

Definition::Question ReadQuestion(element value, std::string path, std::set<std::string>& used,
                                  absl::Status* status) {
  JsonObjectReader object(
      value, std::move(path),
      {"id", "type", "method", "texts", "min", "max", "budget", "shuffled", "options"}, status);
  Definition::Question question{.id = ReadId(object, "id", kMaxIdBytes, used),
                                .type = object.String("type"),
                                .method = object.String("method"),
                                .texts = object.Texts("texts"),
                                .min = object.Integer("min"),
                                .max = object.Integer("max"),
                                .budget = object.Integer("budget"),
                                .shuffled = object.Bool("shuffled")};
  std::set<std::string> options;
  object.Array("options", [&](element item, std::string item_path) {
    question.options.push_back(ReadOption(item, std::move(item_path), options, status));
  });
  if (question.options.empty() || question.options.size() > kMaxAnswerOptions) {
    object.Fail("options", absl::StrCat("must have 1 to ", kMaxAnswerOptions, " items"));
  }
  return question;
}

Definition::Issuer ReadIssuer(element value, std::string path, std::set<std::string>& used,
                              absl::Status* status) {
  JsonObjectReader object(value, std::move(path), {"name", "publicKey", "statementKey"}, status);
  return {.name = ReadId(object, "name", kMaxIdBytes, used),
          .public_key = object.Base64("publicKey"),
          .statement_key = object.Base64("statementKey", 32)};
}

void ReadEligibilityAndBatch(JsonObjectReader& root, absl::Status* status, Definition& definition) {
  if (!status->ok()) return;
  JsonObjectReader eligibility(root.Member("eligibility"), "eligibility", {"minAge", "verified"},
                               status);
  definition.min_age = eligibility.Integer("minAge");
  definition.verified = eligibility.Bool("verified");
  if (!status->ok()) return;
  JsonObjectReader batch(root.Member("batch"), "batch", {"ballots", "seconds"}, status);
  definition.batch_ballots = batch.Integer("ballots");
  definition.batch_seconds = batch.Integer("seconds");
}

Definition ReadDefinition(element value, absl::Status* status) {
  JsonObjectReader root(
      value, "",
      {"protocol", "poll", "titles", "descriptions", "questions", "districts", "eligibility",
       "openTime", "closeTime", "resultsHidden", "batch", "issuers", "boardKey"},
      status);
  if (root.String("protocol") != kProtocol) {
    root.Fail("protocol", absl::StrCat("must be \"", kProtocol, "\""));
  }
  std::set<std::string> poll_ids, questions, issuers;
  Definition definition{.poll = ReadId(root, "poll", kMaxIdBytes, poll_ids),
                        .titles = root.Texts("titles"),
                        .descriptions = root.Texts("descriptions"),
                        .districts = root.Strings("districts"),
                        .open_time = root.Integer("openTime"),
                        .close_time = root.Integer("closeTime"),
                        .results_hidden = root.Bool("resultsHidden"),
                        .board_key = root.Base64("boardKey", 32)};
  ReadEligibilityAndBatch(root, status, definition);
  root.Array("questions", [&](element item, std::string path) {
    definition.questions.push_back(ReadQuestion(item, std::move(path), questions, status));
  });
  if (definition.questions.empty() || definition.questions.size() > kMaxAnswers) {
    root.Fail("questions", absl::StrCat("must have 1 to ", kMaxAnswers, " items"));
  }
  root.Array("issuers", [&](element item, std::string path) {
    definition.issuers.push_back(ReadIssuer(item, std::move(path), issuers, status));
  });
  if (definition.issuers.empty() || definition.issuers.size() > kMaxIssuers) {
    root.Fail("issuers", "must have one or two items");
  }
  return definition;
}

}  // namespace

std::string EncodeDefinition(const Definition& definition) {
  return JsonObjectWriter()
      .String("protocol", kProtocol)
      .String("poll", definition.poll)
      .Texts("titles", definition.titles)
      .Texts("descriptions", definition.descriptions)
      .Array("questions", definition.questions, EncodeQuestion)
      .Array("districts", definition.districts, JsonString)
      .Raw("eligibility", JsonObjectWriter()
                              .Integer("minAge", definition.min_age)
                              .Bool("verified", definition.verified)
                              .Take())
      .Integer("openTime", definition.open_time)
      .Integer("closeTime", definition.close_time)
      .Bool("resultsHidden", definition.results_hidden)
      .Raw("batch", JsonObjectWriter()
                        .Integer("ballots", definition.batch_ballots)
                        .Integer("seconds", definition.batch_seconds)
                        .Take())
      .Array("issuers", definition.issuers, EncodeIssuer)
      .Base64("boardKey", definition.board_key)
      .Take();
}

absl::StatusOr<Definition> ParseDefinition(absl::string_view json) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) {
    return JsonFault("", "is not JSON");
  }
  absl::Status status;
  Definition definition = ReadDefinition(root, &status);
  if (!status.ok()) return status;
  if (EncodeDefinition(definition) != json) return JsonFault("", "is not canonical JSON");
  return definition;
}

}  // namespace veche::polling::protocol
