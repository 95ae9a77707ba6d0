#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/base/embedded_file.h"
#include "common/base/id.h"
#include "common/events/event_log.h"
#include "common/geo/point.h"
#include "common/sql/database.h"
#include "services/appeals/domain/appeal.h"
#include "services/appeals/domain/timeline.h"
#include "services/appeals/storage/number_source.h"

namespace veche::appeals {

// Which appeals a list holds. Empty fields do not filter.
struct ListFilter {
  std::string author;  // this author's, private ones too; "": public ones alone
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
  // Where the next page begins; nothing on the last page. A page may be short or even empty and
  // have a next page: the search for a rare match is done in bounded steps.
  std::optional<int64_t> next;
};

struct InboxFilter {
  std::string department = {};                // "" = all
  std::optional<State> state = {};            // nothing = every open one
  std::optional<absl::Time> overdue_at = {};  // due before this
  std::optional<Priority> priority = {};
  std::string assignee = {};
  bool flagged = false;  // appeals that wait for a moderator, open or not
};

// A place in an inbox: due time (the largest number for none) and key.
using InboxPosition = std::pair<int64_t, int64_t>;

// The place of `appeal`: a page that ends with this appeal continues from here.
InboxPosition PositionOf(const Appeal& appeal);

struct InboxPage {
  std::vector<Appeal> appeals;
  std::optional<InboxPosition> next;
};

// Whether a resident supports and follows an appeal.
struct Relations {
  bool supports = false;
  bool follows = false;
};
enum class RelationKind { kSupport = 1, kFollow = 2 };

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
  std::vector<std::string> terms;  // set when the router will not index the text
};
struct ImportCounts {
  int created = 0;
  int existing = 0;
};

// The writes of a change, prepared before its transaction to keep the transaction short.
struct PreparedChange {
  std::string update;  // of its row, if the version is unchanged
  std::vector<sql::Value> values;
  std::vector<std::vector<sql::Value>> entries;
  std::vector<events::NewEvent> events;
};

// The writes of a new appeal, prepared before its transaction.
struct PreparedAppeal {
  Appeal appeal;
  Record record;
  std::vector<sql::Value> values;
  PreparedChange change;
};

// Changes an appeal by its rules; an error leaves the appeal unchanged. May run more than once.
using ChangeFunction = absl::FunctionRef<absl::Status(Appeal&, Record&)>;
// The same for two appeals: the repeat and the appeal that it is merged into.
using MergeFunction = absl::FunctionRef<absl::Status(Appeal& repeat, Appeal& target,
                                                     Record& repeat_record, Record& target_record)>;
// Decides whether a step is allowed for an appeal. May run more than once.
using CheckFunction = absl::FunctionRef<absl::Status(const Appeal&)>;

// How many rows a list examines for its weaker filters before it returns a short page.
struct ScanLimits {
  int rows = 2'000;      // each of which is read from the table
  int covered = 20'000;  // that the index alone answers
  int cells = 4'000;     // in a small box
};

// Keeps appeals, their timelines, supporters, followers and the rows of attachments, and writes the
// event log in the same transactions. A method with a transaction argument runs in this
// transaction; a method without one is a whole transaction by itself. Two changes of one appeal
// never overlap: the second waits and sees the result of the first. Every change raises the version
// by one, except changes of relations. All other errors are the database's. Thread-safe.
class Store {
 public:
  // `database` has Migrations(); both must outlive this. Numbers are of the year in `zone`.
  Store(sql::Database& database, events::EventLog& log, absl::TimeZone zone, ScanLimits limits = {})
      : database_(database), log_(log), zone_(zone), limits_(limits), numbers_(database) {}

  // A new appeal: first take its number, then prepare the writes, then run the transaction.
  absl::StatusOr<Appeal> Number(Appeal appeal);
  PreparedAppeal PrepareNew(Appeal appeal, Record record);
  // AlreadyExists (without a reason) when the key is taken: try another id. InvalidArgument names
  // the attachments that their owner may not use.
  absl::Status Create(sql::Transaction& transaction, const PreparedAppeal& prepared);

  // NotFound (APPEAL_NOT_FOUND) when there is none.
  absl::StatusOr<Appeal> Get(absl::string_view id);
  // The appeals of `ids` that exist, in any order, without attachments.
  absl::StatusOr<std::vector<Appeal>> GetMany(absl::Span<const std::string> ids);

  // Changes an appeal and returns the changed appeal. NotFound; else the status of `change`.
  absl::StatusOr<Appeal> Update(sql::Transaction& transaction, absl::string_view id,
                                ChangeFunction change);
  absl::StatusOr<Appeal> Update(absl::string_view id, ChangeFunction change);
  // Prepares a change from one state of an appeal, as it was read, to another.
  PreparedChange Prepare(const Appeal& before, const Appeal& after, Record record);
  // False, with nothing written, when the appeal has changed since it was read.
  absl::StatusOr<bool> Apply(sql::Transaction& transaction, const PreparedChange& change);
  // Adds a public text's terms to the search index; repeating changes nothing.
  absl::Status Index(sql::Transaction& transaction, absl::string_view id,
                     absl::Span<const std::string> terms);
  // Removes terms that the text no longer has.
  absl::Status Unindex(sql::Transaction& transaction, absl::string_view id,
                       absl::Span<const std::string> terms);

  // Merges `id` into the last appeal of the chain that begins at `into`, and returns the repeat:
  // relations carry over, the author becomes a supporter. MERGE_CYCLE when the last appeal is `id`
  // itself.
  absl::StatusOr<Appeal> Merge(sql::Transaction& transaction, absl::string_view id,
                               absl::string_view into, MergeFunction change);

  // Adds or removes a relation; a repeat changes nothing and writes no event. The version stays, so
  // that other readers need not read the appeal again. An error of `check` is returned first; the
  // appeal does not change meanwhile.
  absl::StatusOr<Appeal> SetRelation(sql::Transaction& transaction, absl::string_view id,
                                     RelationKind kind, bool on, const Actor& resident,
                                     CheckFunction check);
  // Relations of `resident` to each of `ids`, in their order.
  absl::StatusOr<std::vector<Relations>> GetRelations(absl::string_view resident,
                                                      absl::Span<const std::string> ids);
  // Relations of many residents to one appeal, by resident; residents without one are absent.
  absl::StatusOr<absl::flat_hash_map<std::string, Relations>> GetRelationsOf(
      absl::string_view appeal, absl::Span<const std::string> residents);

  // One page of at most `limit` appeals, starting at `from` (a ListPage::next).
  absl::StatusOr<ListPage> List(const ListFilter& filter, std::optional<int64_t> from, int limit);
  absl::StatusOr<InboxPage> Inbox(const InboxFilter& filter, std::optional<InboxPosition> from,
                                  int limit);
  // The newest of all appeals, newest first, without attachments.
  absl::StatusOr<std::vector<Appeal>> ListNewest(int count);
  // Public open appeals within `radius_meters`, nearest first, at most `limit`.
  absl::StatusOr<std::vector<Appeal>> Near(const geo::LatLng& center, double radius_meters,
                                           int limit);
  // How many open appeals of `category` other than `id` have been written within
  // kSimilarRadiusMeters since `since`; at most kMostSimilar are examined.
  absl::StatusOr<int64_t> CountSimilar(absl::string_view id, absl::string_view category,
                                       const geo::LatLng& center, absl::Time since);

  // The whole timeline, oldest first.
  absl::StatusOr<std::vector<Entry>> GetTimeline(absl::string_view id);
  // Comments (and notes when `notes`) after entry `after`, oldest first.
  absl::StatusOr<std::vector<Entry>> ListMessages(absl::string_view id, bool notes, int64_t after,
                                                  int limit);
  // The sizes of an appeal's timeline, inside the transaction of a change, so that nobody else
  // writes meanwhile: messages and notes; and steps, which are all other entries except those of
  // merged appeals.
  absl::StatusOr<EntryTotals> CountMessages(sql::Transaction& transaction, absl::string_view id);
  absl::StatusOr<EntryTotals> CountSteps(sql::Transaction& transaction, absl::string_view id);

  // Ids of appeals whose next_check is not after `now`, the longest waiting first.
  absl::StatusOr<std::vector<std::string>> ListDueChecks(absl::Time now, int limit);

  // Writes the rows of `source` that were not imported before, all or nothing; `ids` makes ids from
  // the times of creation.
  absl::StatusOr<ImportCounts> Import(absl::string_view source, std::vector<ImportedAppeal> rows,
                                      IdSource& ids);

  // UPLOAD_QUOTA_EXCEEDED when with this upload the uploader's unattached bytes of the day before
  // `now` exceed `most`.
  absl::Status AddAttachment(const Attachment& attachment, absl::Time now, int64_t most);
  // The uploader's unattached bytes since `since`.
  absl::StatusOr<int64_t> CountUnusedBytes(absl::string_view uploader, absl::Time since);
  // NotFound (ATTACHMENT_NOT_FOUND). The result has the audience of the entry that has the
  // attachment.
  absl::StatusOr<Attachment> GetAttachment(absl::string_view id);
  // The attachments of `ids` that `owner` uploaded and that no appeal has yet.
  absl::StatusOr<std::vector<Attachment>> FindUnused(absl::Span<const std::string> ids,
                                                     absl::string_view owner);
  // Deletes up to `limit` attachments that were uploaded before `before` and that no appeal has;
  // returns how many.
  absl::StatusOr<int64_t> DeleteUnattached(absl::Time before, int limit);
  // Computes the map_cell of up to `limit` appeals that the release before this one wrote; returns
  // how many there were.
  absl::StatusOr<int64_t> ComputeMapCells(int limit);
  // The keys of `keys` that some attachment names.
  absl::StatusOr<absl::flat_hash_set<std::string>> FindNamedBlobs(
      absl::Span<const std::string> keys);

 private:
  // Locks the row for this transaction and returns the appeal with its version raised.
  absl::StatusOr<Appeal> Lock(sql::Transaction& transaction, absl::string_view id);
  // Writes the differences between two states of a locked appeal, and the record.
  absl::Status Save(sql::Transaction& transaction, const Appeal& before, Appeal& after,
                    Record& record);
  // As Prepare; `after` gets the version and the count of entries that the change makes.
  PreparedChange PrepareNumbered(const Appeal& before, const Appeal& after, const Record& record);
  // Writes the record of a change, whose entries have their ids.
  PreparedChange PrepareRecord(const Appeal& before, const Appeal& after, const Record& record);
  absl::Status WriteRecord(sql::Transaction& transaction, const PreparedChange& change);
  absl::StatusOr<bool> ImportOne(sql::Transaction& transaction, absl::string_view source,
                                 ImportedAppeal& row, IdSource& ids);
  int64_t YearOf(absl::Time time) const { return absl::ToCivilYear(time, zone_).year(); }

  sql::Database& database_;
  events::EventLog& log_;
  const absl::TimeZone zone_;
  const ScanLimits limits_;
  NumberSource numbers_;
};

// This service's tables.
absl::Span<const EmbeddedFile> Migrations();

}  // namespace veche::appeals
