#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/id.h"
#include "common/events/event_log.h"
#include "common/geo/point.h"
#include "common/sql/database.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/timeline.h"

namespace veche::appeals {

// Which appeals a list holds. Empty fields do not filter.
struct ListFilter {
  std::string author;  // lists what this one wrote, private ones too; else public ones alone
  std::string district;
  std::string category;
  std::string department;
  std::optional<State> state;
  std::optional<Kind> kind;
  std::vector<std::string> terms;  // all must be in the text: text::SearchTerms of the query
  std::optional<geo::Box> box;
  std::optional<absl::Time> created_from;    // included
  std::optional<absl::Time> created_before;  // not included
  bool oldest_first = false;
};

struct ListPage {
  std::vector<Appeal> appeals;
  // Where the next page begins; nothing on the last. A page may be short, even empty, and have a
  // next: a filter that fits little is looked for in bounded steps.
  std::optional<int64_t> next;
};

struct InboxFilter {
  std::string department = {};                // "" = all
  std::optional<State> state = {};            // nothing = every open one
  std::optional<absl::Time> overdue_at = {};  // due before this
  std::optional<Priority> priority = {};
  std::string assignee = {};
  bool flagged = false;  // what waits for a moderator, open or not
};

// A place in an inbox: due time (the largest number for none) and key.
using InboxPosition = std::pair<int64_t, int64_t>;

// Where `appeal` stands: a page that ends with it goes on from here.
InboxPosition PositionOf(const Appeal& appeal);

struct InboxPage {
  std::vector<Appeal> appeals;
  std::optional<InboxPosition> next;
};

// What a caller has to do with an appeal.
struct Ties {
  bool supports = false;
  bool follows = false;
};
enum class TieKind { kSupport = 1, kFollow = 2 };

inline constexpr absl::Duration kUploadDay = absl::Hours(24);

// Entries of a timeline, and the characters of their comments.
struct EntryTotals {
  int64_t count = 0;
  int64_t characters = 0;
};

struct ImportedAppeal {
  Appeal appeal;
  Record record;
  std::string source_id;
  std::vector<std::string> terms;  // given when the router will not see to it
};
struct ImportCounts {
  int created = 0;
  int existing = 0;
};

// What a change of an appeal writes, made before its transaction, which is the shorter for it.
struct PreparedChange {
  std::string update;  // of its row, if that version is still there
  std::vector<sql::Value> values;
  std::vector<std::vector<sql::Value>> entries;
  std::vector<events::NewEvent> events;
};

// Runs last in the transaction of a change, with what it made of the appeal.
using CommitHook = absl::FunctionRef<absl::Status(sql::Transaction&, const Appeal&)>;
// Changes an appeal by its rules; an error leaves everything as it was. May run more than once.
using ChangeFunction = absl::FunctionRef<absl::Status(Appeal&, Record&)>;
// The same for two: the repeat and what it is merged into.
using MergeFunction = absl::FunctionRef<absl::Status(Appeal& repeat, Appeal& target,
                                                     Record& repeat_record, Record& target_record)>;
// Says whether something may be done to an appeal. May run more than once.
using CheckFunction = absl::FunctionRef<absl::Status(const Appeal&)>;

// Keeps appeals, their timelines, supporters, followers and attachments' particulars, and writes
// the event log in the same transactions. Two changes of one appeal never overlap: the second waits
// and sees what the first made. Every change but of ties raises the version by one. Errors that are
// not named are the database's. Thread-safe.
class Store {
 public:
  virtual ~Store() = default;

  // Gives a new appeal a number of its year: it is then as Create writes it.
  virtual absl::StatusOr<Appeal> Number(Appeal appeal) = 0;
  // Writes a new appeal, with a number if it has none. AlreadyExists (without a reason) when its
  // key is taken: try another id. InvalidArgument names the attachments that are not `author`'s to
  // use.
  virtual absl::StatusOr<Appeal> Create(Appeal appeal, Record record, CommitHook hook) = 0;

  // NotFound (APPEAL_NOT_FOUND) when there is none.
  virtual absl::StatusOr<Appeal> Get(absl::string_view id) = 0;
  // Those of `ids` that exist, in no order, without attachments.
  virtual absl::StatusOr<std::vector<Appeal>> GetMany(absl::Span<const std::string> ids) = 0;

  // Changes an appeal inside one transaction. NotFound; else what `change` or `hook` return.
  virtual absl::StatusOr<Appeal> Update(absl::string_view id, ChangeFunction change,
                                        CommitHook hook) = 0;
  // The same inside somebody's transaction.
  virtual absl::StatusOr<Appeal> UpdateIn(sql::Transaction& transaction, absl::string_view id,
                                          ChangeFunction change) = 0;
  // Prepares a change from one state of an appeal, as it was read, to another.
  virtual PreparedChange Prepare(const Appeal& before, const Appeal& after,
                                 const Record& record) = 0;
  // False, with nothing written, when the appeal was changed since it was read.
  virtual absl::StatusOr<bool> ApplyIn(sql::Transaction& transaction,
                                       const PreparedChange& change) = 0;
  // Adds a public text's terms to the search index; repeating changes nothing.
  virtual absl::Status IndexIn(sql::Transaction& transaction, absl::string_view id,
                               absl::Span<const std::string> terms) = 0;
  // Takes terms out again that are no longer in it.
  virtual absl::Status UnindexIn(sql::Transaction& transaction, absl::string_view id,
                                 absl::Span<const std::string> terms) = 0;

  // Merges `id` into the end of the chain that begins at `into`: ties carry over, the author
  // becomes a supporter. MERGE_CYCLE when that end is `id` itself.
  virtual absl::StatusOr<Appeal> Merge(absl::string_view id, absl::string_view into,
                                       MergeFunction change, CommitHook hook) = 0;

  // Adds or removes a tie, once; what is so already changes nothing and writes no event. Neither
  // raises the version: a tie is no reason for anyone else to read the appeal again. What `check`
  // says of the appeal, which nobody changes meanwhile, decides first.
  virtual absl::StatusOr<Appeal> SetTie(absl::string_view id, TieKind kind, bool on,
                                        const Actor& resident, CheckFunction check,
                                        CommitHook hook) = 0;
  // Ties of `resident` with each of `ids`, in their order.
  virtual absl::StatusOr<std::vector<Ties>> GetTies(absl::string_view resident,
                                                    absl::Span<const std::string> ids) = 0;

  // One page of at most `limit`, from `from` on (a ListPage::next).
  virtual absl::StatusOr<ListPage> List(const ListFilter& filter, std::optional<int64_t> from,
                                        int limit) = 0;
  virtual absl::StatusOr<InboxPage> Inbox(const InboxFilter& filter,
                                          std::optional<InboxPosition> from, int limit) = 0;
  // Public open appeals within `radius_meters`, nearest first, at most `limit`.
  virtual absl::StatusOr<std::vector<Appeal>> Near(const geo::LatLng& center, double radius_meters,
                                                   int limit) = 0;

  // How many open appeals of `category` within kSimilarRadiusMeters have been written since
  // `since`, besides `id`: of at most kMostSimilar that are looked at.
  virtual absl::StatusOr<int64_t> CountSimilar(absl::string_view id, absl::string_view category,
                                               const geo::LatLng& center, absl::Time since) = 0;

  // The whole timeline, oldest first.
  virtual absl::StatusOr<std::vector<Entry>> GetTimeline(absl::string_view id) = 0;
  // Comments (and notes when `notes`) after entry `after`, oldest first.
  virtual absl::StatusOr<std::vector<Entry>> ListMessages(absl::string_view id, bool notes,
                                                          int64_t after, int limit) = 0;

  // What an appeal's timeline holds, in the transaction of a change: nobody else writes meanwhile.
  // Messages and notes; steps, which are all others but those of what was merged into it.
  virtual absl::StatusOr<EntryTotals> CountMessagesIn(sql::Transaction& transaction,
                                                      absl::string_view id) = 0;
  virtual absl::StatusOr<EntryTotals> CountStepsIn(sql::Transaction& transaction,
                                                   absl::string_view id) = 0;

  // Ids of appeals whose next_check is not after `now`, the longest waiting first.
  virtual absl::StatusOr<std::vector<std::string>> ListDueChecks(absl::Time now, int limit) = 0;

  // Writes what was not imported from `source` before, all or nothing; ids come from `ids` at the
  // time of creation.
  virtual absl::StatusOr<ImportCounts> Import(absl::string_view source,
                                              std::vector<ImportedAppeal> rows, IdSource& ids) = 0;

  // UPLOAD_QUOTA_EXCEEDED when the uploader's bytes of the day before `now` that no appeal has come
  // to more than `most` with it.
  virtual absl::Status AddAttachment(const Attachment& attachment, absl::Time now,
                                     int64_t most) = 0;
  // The uploader's bytes since `since` that no appeal has.
  virtual absl::StatusOr<int64_t> CountUnusedBytes(absl::string_view uploader,
                                                   absl::Time since) = 0;
  // NotFound (ATTACHMENT_NOT_FOUND). Tells the audience of the entry that has it.
  virtual absl::StatusOr<Attachment> GetAttachment(absl::string_view id) = 0;
  // Those of `ids` that `owner` uploaded and no appeal has yet.
  virtual absl::StatusOr<std::vector<Attachment>> FindUnused(absl::Span<const std::string> ids,
                                                             absl::string_view owner) = 0;
};

}  // namespace veche::appeals
