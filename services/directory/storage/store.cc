#include "services/directory/storage/store.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/sql/columns.h"

namespace veche::directory {
namespace {

// CheckUpdate refuses phones with line breaks.
constexpr char kPhoneSeparator = '\n';

absl::StatusOr<std::map<std::string, Titles>> ReadTitles(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT resource, language, title FROM titles"));
  std::map<std::string, Titles> titles;
  for (const sql::Row& row : rows) titles[row.Text(0)][row.Text(1)] = row.Text(2);
  return titles;
}

// The three lists of a city. In each table the key comes first.

template <auto... kPath>
constexpr sql::Column<District> DistrictField(absl::string_view name) {
  return sql::MemberColumn<District, kPath...>(name);
}

constexpr sql::Column<District> kDistrictColumns[] = {
    DistrictField<&District::id>("id"),
    DistrictField<&District::title>("title"),
    DistrictField<&District::area_km2>("area_km2"),
    DistrictField<&District::label, &geo::LatLng::latitude>("label_latitude"),
    DistrictField<&District::label, &geo::LatLng::longitude>("label_longitude"),
    DistrictField<&District::boundary>("boundary"),
    DistrictField<&District::attribution>("attribution"),
    {"population", [](const District& district) { return sql::Value(district.population); },
     [](const sql::Row& row, size_t position, District& district) {
       district.population = row.OptionalInt(position);
     }},
};

constexpr sql::Column<Department> kDepartmentColumns[] = {
    sql::MemberColumn<Department, &Department::id>("id"),
    sql::MemberColumn<Department, &Department::title>("title"),
    sql::MemberColumn<Department, &Department::kind>("kind"),
    {"phones",
     [](const Department& department) {
       return sql::Value(absl::StrJoin(department.phones, std::string(1, kPhoneSeparator)));
     },
     [](const sql::Row& row, size_t position, Department& department) {
       department.phones = absl::StrSplit(row.Text(position), kPhoneSeparator, absl::SkipEmpty());
     }},
};

constexpr sql::Column<Category> kCategoryColumns[] = {
    sql::MemberColumn<Category, &Category::id>("id"),
    sql::MemberColumn<Category, &Category::title>("title"),
    sql::MemberColumn<Category, &Category::group>("category_group"),
    sql::MemberColumn<Category, &Category::group_title>("group_title"),
    sql::MemberColumn<Category, &Category::department>("department"),
    sql::MemberColumn<Category, &Category::response_hours>("response_hours"),
    sql::MemberColumn<Category, &Category::legal_profile>("legal_profile"),
};

constexpr sql::Column<OrganizationCategory> kOrganizationCategoryColumns[] = {
    sql::MemberColumn<OrganizationCategory, &OrganizationCategory::id>("id"),
    sql::MemberColumn<OrganizationCategory, &OrganizationCategory::title>("title"),
    sql::MemberColumn<OrganizationCategory, &OrganizationCategory::map_layer>("map_layer"),
};

absl::Status WriteTitles(sql::Transaction& transaction, const std::string& resource,
                         const Titles& titles) {
  RETURN_IF_ERROR(transaction.Execute("DELETE FROM titles WHERE resource = $1", resource).status());
  for (const auto& [language, title] : titles) {
    RETURN_IF_ERROR(transaction
                        .Execute("INSERT INTO titles (resource, language, title) "
                                 "VALUES ($1, $2, $3)",
                                 resource, language, title)
                        .status());
  }
  return absl::OkStatus();
}

// `table` is also the collection of the rows' names: "districts".
template <typename Object, size_t kSize>
absl::StatusOr<std::vector<Object>> ReadList(sql::Transaction& transaction, absl::string_view table,
                                             const sql::Column<Object> (&columns)[kSize],
                                             std::map<std::string, Titles>& titles) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query(absl::StrCat("SELECT ", sql::ColumnList(columns),
                                                             " FROM ", table, " ORDER BY id")));
  std::vector<Object> list;
  for (const sql::Row& row : rows) {
    Object& object = list.emplace_back(sql::ReadObject(columns, row));
    object.titles = std::move(titles[absl::StrCat(table, "/", object.id)]);
  }
  return list;
}

template <typename Object, size_t kSize>
absl::Status WriteList(sql::Transaction& transaction, absl::string_view table,
                       const sql::Column<Object> (&columns)[kSize],
                       const std::vector<Object>& list) {
  const std::string put =
      absl::StrCat(sql::InsertStatement(table, columns), " ON CONFLICT (id) DO UPDATE SET ",
                   sql::SetExcluded(columns, 1));
  for (const Object& object : list) {
    RETURN_IF_ERROR(transaction.ExecuteWith(put, sql::ColumnValues(columns, object)).status());
    RETURN_IF_ERROR(WriteTitles(transaction, absl::StrCat(table, "/", object.id), object.titles));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int64_t> Store::Version(sql::Transaction& transaction) {
  ASSIGN_OR_RETURN(auto rows, transaction.Query("SELECT version FROM city_version WHERE id = 1"));
  return rows.empty() ? 0 : rows[0].Int(0);
}

absl::StatusOr<City> Store::Load(sql::Transaction& transaction) {
  City city;
  ASSIGN_OR_RETURN(auto versions, transaction.Query("SELECT version, reference_version, "
                                                    "changes_from FROM city_version WHERE id = 1"));
  if (!versions.empty()) {
    city.version = versions[0].Int(0);
    city.reference_version = versions[0].Int(1);
    city.changes_from = versions[0].Int(2);
  }
  ASSIGN_OR_RETURN(auto titles, ReadTitles(transaction));
  ASSIGN_OR_RETURN(city.districts, ReadList(transaction, "districts", kDistrictColumns, titles));
  ASSIGN_OR_RETURN(city.departments,
                   ReadList(transaction, "departments", kDepartmentColumns, titles));
  ASSIGN_OR_RETURN(city.categories, ReadList(transaction, "categories", kCategoryColumns, titles));
  ASSIGN_OR_RETURN(city.organization_categories, ReadList(transaction, "organization_categories",
                                                          kOrganizationCategoryColumns, titles));
  return city;
}

absl::Status Store::Import(sql::Transaction& transaction, const City& update) {
  RETURN_IF_ERROR(transaction
                      .Execute("UPDATE city_version SET version = version + 1, "
                               "reference_version = version + 1 WHERE id = 1")
                      .status());
  RETURN_IF_ERROR(WriteList(transaction, "districts", kDistrictColumns, update.districts));
  RETURN_IF_ERROR(WriteList(transaction, "departments", kDepartmentColumns, update.departments));
  RETURN_IF_ERROR(WriteList(transaction, "categories", kCategoryColumns, update.categories));
  return WriteList(transaction, "organization_categories", kOrganizationCategoryColumns,
                   update.organization_categories);
}

}  // namespace veche::directory
