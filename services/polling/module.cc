#include "services/polling/module.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/service/service_module.h"
#include "services/polling/board/ballot_box.h"
#include "services/polling/board/board.h"
#include "services/polling/board/board_key.h"
#include "services/polling/board/checkers.h"
#include "services/polling/board/live_results.h"
#include "services/polling/board/receipts.h"
#include "services/polling/calls/binding.h"
#include "services/polling/calls/initiative_binding.h"
#include "services/polling/lifecycle/lifecycle.h"
#include "services/polling/remote/attachments.h"
#include "services/polling/remote/city.h"
#include "services/polling/remote/issued_counts.h"
#include "services/polling/remote/issuers.h"
#include "services/polling/remote/spam_check.h"
#include "services/polling/storage/comment_store.h"
#include "services/polling/storage/initiative_store.h"
#include "services/polling/storage/migrations.h"
#include "services/polling/storage/picture_store.h"
#include "services/polling/storage/statement_store.h"
#include "services/polling/streams/receipt_hub.h"
#include "services/polling/texts.h"
#include "services/polling/workers/board_keeper.h"
#include "services/polling/workers/initiative_schedule.h"
#include "services/polling/workers/maintenance.h"
#include "services/polling/workers/poll_schedule.h"
#include "services/polling/workers/receipt_feed.h"

namespace veche::polling {
namespace {

absl::StatusOr<crypto::EvpKey> OpenBoardKey(sql::Database& database,
                                            const rpc::Environment& environment) {
  bool has_boards = false;
  RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(has_boards, BoardStore().HasBoards(transaction));
    return absl::OkStatus();
  }));
  const std::string& file = environment.config.polling().board_key_file();
  return LoadBoardKey(file.empty() ? environment.KeyFile("board.key") : std::filesystem::path(file),
                      /*may_create=*/file.empty() && !has_boards);
}

InitiativeRules LoadInitiativeRules(const config::v1::Initiatives& config) {
  InitiativeRules rules;
  if (config.threshold() > 0) rules.threshold = config.threshold();
  if (config.gathering_days() > 0) rules.gathering = absl::Hours(24 * config.gathering_days());
  if (config.response_days() > 0) rules.response = absl::Hours(24 * config.response_days());
  return rules;
}

// The parts in the order in which they need each other.
class PollingModule final : public service::ServiceModule {
 public:
  PollingModule(service::ServiceParts parts, crypto::EvpKey key)
      : ServiceModule(std::move(parts)),
        key_(std::move(key)),
        issuers_(environment().channels, environment().config.polling().second_issuer(), clock()),
        city_(environment().channels),
        attachments_(environment().channels),
        issued_(issuers_, clock()),
        board_(entries_, *key_, clock()),
        checkers_(database(), polls_),
        live_results_(database(), entries_, clock()),
        receipts_(database(), polls_, entries_, board_),
        hub_(ReceiptHubOptions()),
        lifecycle_(
            {database(), polls_, entries_, board_, issuers_, city_, log(), clock(), telemetry()}),
        schedule_({database(), polls_, lifecycle_, issuers_.names(), clock(), telemetry()}),
        feed_(receipts_, hub_, telemetry()),
        keeper_(database(), polls_, entries_, board_, clock(), telemetry(),
                [this] { OnReceipts(); }),
        box_(database(), polls_, entries_, checkers_, clock(), [this] { keeper_.Wake(); }),
        poll_calls_({database(), polls_, pictures_, lifecycle_, live_results_, issuers_, issued_,
                     city_, Uploads(), clock(), ids(), this->texts(), telemetry(),
                     environment().config.polling().small_batches(), [this] { schedule_.Wake(); }}),
        credential_calls_(database(), polls_, issuers_),
        ballot_calls_(box_, receipts_, hub_),
        board_calls_(database(), polls_, entries_, board_, issued_),
        picture_calls_(database(), pictures_),
        initiative_rules_(LoadInitiativeRules(environment().config.initiatives())),
        initiatives_(log()),
        initiative_calls_({database(), initiatives_, clock(), ids(), initiative_rules_, Uploads(),
                           [this] { return city_.ListDistricts(); }}),
        initiative_step_calls_(database(), initiatives_, clock(), initiative_rules_),
        spam_check_(AskClassification(environment().channels, telemetry())),
        comment_calls_({database(), initiatives_, comments_, clock(), ids(), spam_check_}),
        moderation_calls_(database(), initiatives_, comments_, clock()),
        opinion_calls_({database(), initiatives_, statements_, clock(), ids(), spam_check_}),
        initiative_schedule_(database(), initiatives_, clock(), telemetry()),
        maintenance_(database(), pictures_, log(), clock(), telemetry()),
        others_(database().OpenNotifier("receipts", [this] { feed_.Wake(); })) {}

 private:
  std::vector<rpc::ServiceBuilder> Services() override {
    std::vector<rpc::ServiceBuilder> services =
        Bind(poll_calls_, credential_calls_, ballot_calls_, board_calls_, picture_calls_);
    for (rpc::ServiceBuilder& service :
         BindInitiatives({initiative_calls_, initiative_step_calls_, comment_calls_,
                          moderation_calls_, opinion_calls_})) {
      services.push_back(std::move(service));
    }
    return services;
  }
  void StartWorkers() override {
    keeper_.Start();
    schedule_.Start();
    feed_.Start();
    initiative_schedule_.Start();
    maintenance_.Start();
  }
  void EndStreams() override { hub_.Stop(); }
  void StopWorkers() override {
    schedule_.Stop();
    keeper_.Stop();
    feed_.Stop();
    initiative_schedule_.Stop();
    maintenance_.Stop();
  }
  // After a batch of ballots was appended to a board: clients may wait for their receipts at this
  // process and at others.
  void OnReceipts() {
    feed_.Wake();
    if (others_ != nullptr) others_->Notify();
  }
  PictureSource Uploads() {
    return [this](const rpc::Call& call, const std::string& attachment) {
      return attachments_.Fetch(call, attachment);
    };
  }

  const crypto::EvpKey key_;
  PollStore polls_;
  BoardStore entries_;
  PictureStore pictures_;
  Issuers issuers_;
  City city_;
  Attachments attachments_;
  IssuedCounts issued_;
  Board board_;
  Checkers checkers_;
  LiveResults live_results_;
  Receipts receipts_;
  ReceiptHub hub_;
  Lifecycle lifecycle_;
  PollSchedule schedule_;
  ReceiptFeed feed_;
  BoardKeeper keeper_;
  BallotBox box_;
  PollCalls poll_calls_;
  CredentialCalls credential_calls_;
  BallotCalls ballot_calls_;
  BoardCalls board_calls_;
  PictureCalls picture_calls_;
  const InitiativeRules initiative_rules_;
  InitiativeStore initiatives_;
  CommentStore comments_;
  StatementStore statements_;
  InitiativeCalls initiative_calls_;
  InitiativeStepCalls initiative_step_calls_;
  const SpamCheck spam_check_;
  CommentCalls comment_calls_;
  ModerationCalls moderation_calls_;
  OpinionCalls opinion_calls_;
  InitiativeSchedule initiative_schedule_;
  Maintenance maintenance_;
  const std::unique_ptr<sql::Notifier> others_;  // null in SQLite; its thread uses feed_
};

}  // namespace

service::Schema DatabaseSchema() { return {.migrations = Migrations(), .events = true}; }

absl::StatusOr<std::unique_ptr<rpc::Module>> CreatePollingModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(service::ServiceParts parts,
                   service::OpenService(environment, {.name = "polling",
                                                      .schema = DatabaseSchema(),
                                                      .texts = TextFiles(),
                                                      .event_log = true,
                                                      .threads = 64}));
  ASSIGN_OR_RETURN(crypto::EvpKey key, OpenBoardKey(*parts.database, environment));
  return service::BuildService(std::make_unique<PollingModule>(std::move(parts), std::move(key)));
}

}  // namespace veche::polling
