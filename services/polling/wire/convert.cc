#include "services/polling/wire/convert.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/timestamp.h"

namespace veche::polling {
namespace {

constexpr absl::string_view kPolls = "polls/";

template <typename Map>
void CopyTexts(const protocol::TextsByLanguage& texts, Map& out) {
  for (const auto& [language, text] : texts) out[language] = text;
}

v1::Question ToWire(const protocol::Definition::Question& question, absl::string_view language) {
  v1::Question wire;
  wire.set_id(question.id);
  wire.set_text(TextIn(question.texts, language));
  CopyTexts(question.texts, *wire.mutable_texts());
  v1::Question::Type type = v1::Question::TYPE_UNSPECIFIED;
  v1::Question::Type_Parse(question.type, &type);
  wire.set_type(type);
  for (const protocol::Definition::Option& option : question.options) {
    v1::Option& out = *wire.add_options();
    out.set_id(option.id);
    out.set_text(TextIn(option.texts, language));
    CopyTexts(option.texts, *out.mutable_texts());
    if (option.price != 0) out.set_price(option.price);
    out.set_picture(option.picture);
  }
  wire.set_min(static_cast<int32_t>(question.min));
  wire.set_max(static_cast<int32_t>(question.max));
  if (question.budget != 0) wire.set_budget(question.budget);
  wire.set_method(question.method);
  wire.set_shuffled(question.shuffled);
  return wire;
}

void AddKeys(const Poll& poll, v1::Poll& wire) {
  const bool fixed = poll.tree_size > 0;
  for (const protocol::Definition::Issuer& issuer : poll.definition.issuers) {
    v1::Issuer& out = *wire.add_issuers();
    out.set_name(issuer.name);
    if (!fixed) continue;
    out.set_public_key(issuer.public_key);
    out.set_statement_key(issuer.statement_key);
  }
  if (!fixed) return;
  wire.set_public_key(poll.definition.issuers.front().public_key);
  wire.set_board_key(poll.definition.board_key);
}

void AddPlaces(const protocol::Definition::Question& question, const counting::Result& result,
               v1::QuestionResult& out) {
  for (const std::vector<int>& group : result.order) {
    v1::Place& place = *out.add_places();
    for (const int option : group) {
      place.add_options(question.options[static_cast<size_t>(option)].id);
    }
  }
}

// The winners: a budget's projects, else the first place.
std::vector<bool> Chosen(const protocol::Definition::Question& question,
                         const counting::Result& result) {
  std::vector<bool> chosen(question.options.size());
  if (result.budget) {
    for (const counting::FundedOption& funded : result.budget->funded) {
      chosen[static_cast<size_t>(funded.option)] = true;
    }
  } else if (!result.order.empty() && result.answered > 0) {
    for (const int option : result.order.front()) chosen[static_cast<size_t>(option)] = true;
  }
  return chosen;
}

v1::QuestionResult ToWire(const protocol::Definition::Question& question,
                          const counting::Result& result) {
  v1::QuestionResult wire;
  wire.set_question(question.id);
  wire.set_method(question.method);
  wire.set_answer_count(result.answered);
  const std::vector<bool> chosen = Chosen(question, result);
  for (size_t i = 0; i < question.options.size(); ++i) {
    v1::OptionResult& option = *wire.add_options();
    option.set_option(question.options[i].id);
    option.set_count(i < result.counts.size() ? result.counts[i] : 0);
    option.set_chosen(chosen[i]);
  }
  AddPlaces(question, result, wire);
  if (result.rating) {
    wire.set_mean(result.rating->mean_hundredths / 100.0);
    wire.set_median(result.rating->median_doubled / 2.0);
  }
  if (result.budget) wire.set_spent(result.budget->spent);
  if (!result.schulze) return wire;
  for (size_t a = 0; a < question.options.size(); ++a) {
    for (size_t b = 0; b < question.options.size(); ++b) {
      if (a == b) continue;
      v1::Pair& pair = *wire.add_pairs();
      pair.set_winner(question.options[a].id);
      pair.set_loser(question.options[b].id);
      pair.set_count(result.schulze->preferences[a][b]);
    }
  }
  return wire;
}

}  // namespace

std::string PollName(absl::string_view id) { return absl::StrCat(kPolls, id); }

std::string PollId(absl::string_view name) {
  if (!absl::ConsumePrefix(&name, kPolls) || name.find('/') != absl::string_view::npos) return "";
  return std::string(name);
}

v1::Poll ToWire(const Poll& poll, const PollView& view, const Texts& texts) {
  const protocol::Definition& definition = poll.definition;
  v1::Poll wire;
  wire.set_name(PollName(poll.id));
  wire.set_title(TextIn(definition.titles, view.language));
  wire.set_description(TextIn(definition.descriptions, view.language));
  CopyTexts(definition.titles, *wire.mutable_titles());
  CopyTexts(definition.descriptions, *wire.mutable_descriptions());
  for (const protocol::Definition::Question& question : definition.questions) {
    *wire.add_questions() = ToWire(question, view.language);
  }
  for (const std::string& district : definition.districts) wire.add_districts(district);
  if (definition.min_age > 0) {
    wire.mutable_eligibility()->set_min_age(static_cast<int32_t>(definition.min_age));
  }
  wire.mutable_eligibility()->set_verified(definition.verified);
  if (definition.open_time != 0) {
    *wire.mutable_open_time() = api::ToTimestamp(absl::FromUnixSeconds(definition.open_time));
  }
  *wire.mutable_close_time() = api::ToTimestamp(poll.close_time);
  wire.set_results_hidden(definition.results_hidden);
  wire.mutable_batch()->set_ballots(static_cast<int32_t>(definition.batch_ballots));
  wire.mutable_batch()->set_seconds(static_cast<int32_t>(definition.batch_seconds));
  wire.set_state(static_cast<v1::Poll::State>(StateAt(poll, view.now)));
  AddKeys(poll, wire);
  if (view.whole && poll.tree_size > 0) {
    wire.set_definition(protocol::EncodeDefinition(definition));
  }
  if (poll.tree_size > 0) wire.set_eligible_count(poll.eligible);
  for (const char* limit : {"LIMIT_CONSULTATIVE", "LIMIT_RECEIPT", "LIMIT_NETWORK", "LIMIT_FEW"}) {
    if (view.whole) wire.add_limits(texts.Get(limit, view.language));
  }
  for (const std::string& subject : poll.subjects) wire.add_subjects(subject);
  *wire.mutable_create_time() = api::ToTimestamp(poll.create_time);
  return wire;
}

v1::SignedHead ToWire(const merkle::SignedHead& head) {
  v1::SignedHead wire;
  wire.set_tree_size(static_cast<int64_t>(head.head.size));
  wire.set_root_hash(std::string(merkle::HashBytes(head.head.root)));
  *wire.mutable_time() =
      api::ToTimestamp(absl::FromUnixSeconds(static_cast<int64_t>(head.head.unix_seconds)));
  wire.set_signature(head.signature);
  return wire;
}

void AddHashes(const merkle::Proof& hashes, google::protobuf::RepeatedPtrField<std::string>& out) {
  for (const merkle::Hash& hash : hashes) *out.Add() = std::string(merkle::HashBytes(hash));
}

protocol::Ballot ToBallot(const v1::CreateBallotRequest& request) {
  protocol::Ballot ballot{.poll = PollId(request.parent()),
                          .salt = request.salt(),
                          .voter_key = request.voter_key(),
                          .counter = static_cast<uint64_t>(request.counter()),
                          .signature = request.ballot_signature()};
  for (const v1::Answer& answer : request.answers()) {
    ballot.answers.push_back(
        {answer.question(), {answer.options().begin(), answer.options().end()}});
  }
  ballot.credentials.push_back({request.prefix(), request.signature()});
  if (!request.second_prefix().empty() || !request.second_signature().empty()) {
    ballot.credentials.push_back({request.second_prefix(), request.second_signature()});
  }
  return ballot;
}

void AddResults(const protocol::Definition& definition,
                const std::vector<counting::Result>& results, v1::Results& out) {
  for (size_t i = 0; i < definition.questions.size() && i < results.size(); ++i) {
    *out.add_questions() = ToWire(definition.questions[i], results[i]);
  }
}

double Turnout(int64_t ballots, int64_t eligible) {
  return eligible <= 0 ? 0.0 : static_cast<double>(ballots) / static_cast<double>(eligible);
}

}  // namespace veche::polling
