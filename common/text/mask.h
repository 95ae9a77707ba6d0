#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::text {

// Replaces personal data in a text by a word in brackets, in the language of the text: phones
// «[телефон]», e-mail addresses «[почта]», flats («кв. 12») «[квартира]», digits of documents and
// cards «[номер]», names «[имя]»: after «меня зовут», «ФИО», «с уважением», with a patronymic
// («Анна Ивановна») or initials («Петров И. И.»), and beside a phone. Streets and schools that are
// named after people, house numbers, dates, routes and sums of money stay, because a reader must
// still understand the problem. Protects against carelessness; does not guarantee anonymity. Linear
// time; thread-safe.
std::string MaskPersonalData(absl::string_view text);

}  // namespace veche::text
