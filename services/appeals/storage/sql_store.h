#pragma once

#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/base/embedded_file.h"
#include "common/events/event_log.h"
#include "common/sql/database.h"
#include "services/appeals/storage/sql_numbers.h"
#include "services/appeals/storage/store.h"

namespace veche::appeals {

// How far a list looks for what its weaker filters want before it gives the client a short page.
struct ScanLimits {
  int rows = 2'000;      // with one look at the row itself each
  int covered = 20'000;  // answered by the index alone
  int cells = 4'000;     // in a small box
};

// The one Store. SQL is in sql_*.cc and nowhere else.
class SqlStore final : public Store {
 public:
  // `database` has Migrations(); both must outlive this. Numbers are of the year in `zone`.
  SqlStore(sql::Database& database, events::EventLog& log, absl::TimeZone zone,
           ScanLimits limits = {})
      : database_(database), log_(log), zone_(zone), limits_(limits), numbers_(database) {}

  absl::StatusOr<Appeal> Number(Appeal appeal) override;
  absl::StatusOr<Appeal> Create(Appeal appeal, Record record, CommitHook hook) override;
  absl::StatusOr<Appeal> Get(absl::string_view id) override;
  absl::StatusOr<std::vector<Appeal>> GetMany(absl::Span<const std::string> ids) override;
  absl::StatusOr<Appeal> Update(absl::string_view id, ChangeFunction change,
                                CommitHook hook) override;
  absl::StatusOr<Appeal> UpdateIn(sql::Transaction& transaction, absl::string_view id,
                                  ChangeFunction change) override;
  PreparedChange Prepare(const Appeal& before, const Appeal& after, const Record& record) override;
  absl::StatusOr<bool> ApplyIn(sql::Transaction& transaction,
                               const PreparedChange& change) override;
  absl::Status IndexIn(sql::Transaction& transaction, absl::string_view id,
                       absl::Span<const std::string> terms) override;
  absl::Status UnindexIn(sql::Transaction& transaction, absl::string_view id,
                         absl::Span<const std::string> terms) override;
  absl::StatusOr<Appeal> Merge(absl::string_view id, absl::string_view into, MergeFunction change,
                               CommitHook hook) override;
  absl::StatusOr<Appeal> SetTie(absl::string_view id, TieKind kind, bool on, const Actor& resident,
                                CheckFunction check, CommitHook hook) override;
  absl::StatusOr<std::vector<Ties>> GetTies(absl::string_view resident,
                                            absl::Span<const std::string> ids) override;
  absl::StatusOr<ListPage> List(const ListFilter& filter, std::optional<int64_t> from,
                                int limit) override;
  absl::StatusOr<InboxPage> Inbox(const InboxFilter& filter, std::optional<InboxPosition> from,
                                  int limit) override;
  absl::StatusOr<int64_t> CountSimilar(absl::string_view id, absl::string_view category,
                                       const geo::LatLng& center, absl::Time since) override;
  absl::StatusOr<std::vector<Appeal>> Near(const geo::LatLng& center, double radius_meters,
                                           int limit) override;
  absl::StatusOr<std::vector<Entry>> GetTimeline(absl::string_view id) override;
  absl::StatusOr<std::vector<Entry>> ListMessages(absl::string_view id, bool notes, int64_t after,
                                                  int limit) override;
  absl::StatusOr<EntryTotals> CountMessagesIn(sql::Transaction& transaction,
                                              absl::string_view id) override;
  absl::StatusOr<EntryTotals> CountStepsIn(sql::Transaction& transaction,
                                           absl::string_view id) override;
  absl::StatusOr<std::vector<std::string>> ListDueChecks(absl::Time now, int limit) override;
  absl::StatusOr<ImportCounts> Import(absl::string_view source, std::vector<ImportedAppeal> rows,
                                      IdSource& ids) override;
  absl::Status AddAttachment(const Attachment& attachment, absl::Time now, int64_t most) override;
  absl::StatusOr<int64_t> CountUnusedBytes(absl::string_view uploader, absl::Time since) override;
  absl::StatusOr<Attachment> GetAttachment(absl::string_view id) override;
  absl::StatusOr<std::vector<Attachment>> FindUnused(absl::Span<const std::string> ids,
                                                     absl::string_view owner) override;

 private:
  // Takes the row for this transaction, with its version raised.
  absl::StatusOr<Appeal> Lock(sql::Transaction& transaction, absl::string_view id);
  // Writes what changed between two states of an appeal, and what the record says.
  absl::Status Save(sql::Transaction& transaction, const Appeal& before, Appeal& after,
                    const Record& record);
  // As Prepare, with the version and the count of entries that `after` shall have.
  PreparedChange PrepareNumbered(const Appeal& before, const Appeal& after, const Record& record);
  // What the record of a change says; its entries' ids end with the appeal's entry_count.
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
