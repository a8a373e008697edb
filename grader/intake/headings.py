"""The headings of class lists, in the languages in which Canvas, Moodle and Gradescope write them.

A heading's meaning depends on its language: *Nom* is the last name in French and the first in Catalan, *Nome* the first
name in Italian. So a list's language is the one that knows most of its headings, and English helps out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from grader.intake.text import folded

ROLES = ("id", "name", "first", "last", "email", "login", "sis_id")

# Role -> headings, separated by bars. Moodle's words are those of its language packs: firstname, lastname, fullname,
# email, username, idnumber, and recordid of the grading worksheet. "SIS" columns of Canvas have a rule of their own.
_ENGLISH = {
    "id": "id|student id|studentid|student number|user id|userid|identifier|sid|netid|net id",
    "name": "name|full name|fullname|student name|student|display name|preferred name",
    "first": "first name|firstname|given name|given names|forename",
    "last": "last name|lastname|surname|family name",
    "email": "email|e-mail|email address|e-mail address|mail",
    "login": "login|login id|username|user name|user|github username|github|account",
    "sis_id": "id number|idnumber|number",
}
LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "en": _ENGLISH,
    "ar": {
        "id": "المعرف|معرف",
        "name": "الاسم الكامل|الاسم|الطالب",
        "first": "الاسم الأول",
        "last": "الاسم الأخير|اسم العائلة",
        "email": "عنوان البريد الإلكتروني|البريد الإلكتروني",
        "login": "اسم المستخدم",
        "sis_id": "رقم الهوية|رقم المعرف|الرقم الجامعي",
    },
    "ca": {
        "id": "identificador|id",
        "name": "nom complet|estudiant|alumne",
        "first": "nom",
        "last": "cognoms|cognom",
        "email": "adreça electrònica|adreça de correu|correu electrònic",
        "login": "nom d'usuari|usuari",
        "sis_id": "número id|número d'identificació|niu",
    },
    "cs": {
        "id": "identifikátor|id|učo",
        "name": "celé jméno|student",
        "first": "křestní jméno|jméno",
        "last": "příjmení",
        "email": "e-mailová adresa|e-mail",
        "login": "uživatelské jméno|přihlašovací jméno",
        "sis_id": "identifikační číslo|id číslo|osobní číslo",
    },
    "da": {
        "id": "id|identifikation|identifikator",
        "name": "fulde navn|navn|studerende|elev",
        "first": "fornavn",
        "last": "efternavn",
        "email": "e-mailadresse|e-mail|mailadresse",
        "login": "brugernavn",
        "sis_id": "id-nummer|studienummer",
    },
    "de": {
        "id": "id|kennung|matrikelnummer|matrikel-nr.|matrikel|matr.-nr.|matrnr|teilnehmer-id",
        "name": "vollständiger name|name|studierende|studierende/r|student/in|student|teilnehmer/in",
        "first": "vorname|vorname(n)",
        "last": "nachname|familienname|nachname(n)",
        "email": "e-mail-adresse|e-mail|mail|mailadresse",
        "login": "anmeldename|benutzername|nutzername|loginname|benutzerkennung",
        "sis_id": "id-nummer|personalnummer",
    },
    "el": {
        "id": "αναγνωριστικό|ταυτότητα",
        "name": "πλήρες όνομα|ονοματεπώνυμο|φοιτητής",
        "first": "όνομα",
        "last": "επώνυμο",
        "email": "διεύθυνση ηλεκτρονικού ταχυδρομείου|διεύθυνση email|ηλεκτρονικό ταχυδρομείο",
        "login": "όνομα χρήστη",
        "sis_id": "αριθμός id|αριθμός ταυτότητας|αριθμός μητρώου",
    },
    "es": {
        "id": "identificador|id|matrícula|n.º de matrícula|id de estudiante",
        "name": "nombre completo|estudiante|alumno|alumno/a|nombre del estudiante|nombre y apellidos",
        "first": "nombre|nombre(s)",
        "last": "apellido(s)|apellidos|apellido",
        "email": "dirección de correo|dirección de correo electrónico|correo electrónico|correo|dirección email",
        "login": "nombre de usuario|usuario",
        "sis_id": "número de id|número id|número de identificación|dni",
    },
    "eu": {
        "id": "identifikatzailea|id",
        "name": "izen osoa|ikaslea",
        "first": "izena",
        "last": "deitura|abizenak|deiturak",
        "email": "e-posta helbidea|helbide elektronikoa|e-posta",
        "login": "erabiltzaile-izena|erabiltzailea",
        "sis_id": "id zenbakia|identifikazio zenbakia",
    },
    "fi": {
        "id": "tunniste|id",
        "name": "koko nimi|nimi|opiskelija",
        "first": "etunimi",
        "last": "sukunimi",
        "email": "sähköpostiosoite|sähköposti",
        "login": "käyttäjätunnus|käyttäjänimi",
        "sis_id": "id-numero|tunnistenumero|opiskelijanumero",
    },
    "fr": {
        "id": "identifiant|id|numéro d'étudiant|numéro étudiant|n° étudiant|matricule",
        "name": "nom complet|étudiant|étudiante|étudiant·e|élève|nom de l'étudiant|nom et prénom|prénom et nom",
        "first": "prénom|prénom(s)",
        "last": "nom|nom de famille",
        "email": "adresse de courriel|adresse e-mail|adresse email|adresse électronique|courriel|adresse mél|e-mail",
        "login": "nom d'utilisateur|utilisateur",
        "sis_id": "numéro d'identification|numéro id",
    },
    "gl": {
        "id": "identificador|id",
        "name": "nome completo|estudante|alumno",
        "first": "nome",
        "last": "apelidos|apelido(s)",
        "email": "enderezo de correo|enderezo de correo electrónico|correo electrónico",
        "login": "nome de usuario|nome de usuaria",
        "sis_id": "número de id|número de identificación",
    },
    "he": {
        "id": "מזהה|תעודת זהות",
        "name": "שם מלא|סטודנט",
        "first": "שם פרטי",
        "last": "שם משפחה",
        "email": "כתובת דואר אלקטרוני|דואר אלקטרוני|דוא\"ל",
        "login": "שם משתמש",
        "sis_id": "מספר זיהוי|מספר זהות|מספר סטודנט",
    },
    "hr": {
        "id": "identifikator|id|jmbag",
        "name": "puno ime|ime i prezime|student",
        "first": "ime",
        "last": "prezime",
        "email": "adresa e-pošte|e-mail adresa|e-pošta",
        "login": "korisničko ime",
        "sis_id": "id broj|matični broj|identifikacijski broj",
    },
    "hu": {
        "id": "azonosító|neptun-kód|neptun kód",
        "name": "teljes név|név|tanuló|hallgató",
        "first": "utónév|keresztnév",
        "last": "vezetéknév|családnév",
        "email": "e-mail cím|e-mail|emailcím",
        "login": "felhasználónév|azonosító név",
        "sis_id": "azonosítószám|id szám",
    },
    "id": {
        "id": "id|nim|pengenal",
        "name": "nama lengkap|nama|siswa|mahasiswa",
        "first": "nama depan",
        "last": "nama belakang|nama akhir",
        "email": "alamat email|alamat surel|surel",
        "login": "nama pengguna",
        "sis_id": "nomor id|nomor induk",
    },
    "it": {
        "id": "identificativo|id|matricola|numero di matricola",
        "name": "nome completo|nome e cognome|cognome e nome|studente",
        "first": "nome",
        "last": "cognome",
        "email": "indirizzo email|indirizzo e-mail|indirizzo di posta elettronica|posta elettronica",
        "login": "nome utente|username|utente",
        "sis_id": "codice identificativo|numero id|codice id",
    },
    "ja": {
        "id": "識別子|学籍番号|学生番号|学生id|id",
        "name": "フルネーム|氏名|学生|受講者|名前",
        "first": "名",
        "last": "姓|苗字",
        "email": "メールアドレス|電子メール|eメール|電子メールアドレス|メール",
        "login": "ユーザ名|ユーザー名|ログイン名|ログイン|ログインid",
        "sis_id": "idナンバー|id番号",
    },
    "ko": {
        "id": "식별자|학번|학생 번호",
        "name": "성명|전체 이름|이름 전체|학생|학생 이름",
        "first": "이름",
        "last": "성",
        "email": "이메일 주소|이메일|전자우편 주소|메일 주소",
        "login": "사용자 아이디|사용자명|사용자 이름|아이디",
        "sis_id": "개인식별번호|id 번호|식별 번호",
    },
    "nb": {
        "id": "id|identifikator",
        "name": "fullt navn|navn|student|elev",
        "first": "fornavn",
        "last": "etternavn",
        "email": "e-postadresse|e-post",
        "login": "brukernavn",
        "sis_id": "id-nummer|studentnummer",
    },
    "nl": {
        "id": "identificatie|id|studentnummer|id-code|studentennummer|leerlingnummer",
        "name": "volledige naam|naam|student|cursist|leerling",
        "first": "voornaam|roepnaam",
        "last": "achternaam|familienaam",
        "email": "e-mailadres|e-mail|mailadres",
        "login": "gebruikersnaam|inlognaam",
        "sis_id": "id-nummer|identificatienummer",
    },
    "pl": {
        "id": "identyfikator|id|numer albumu|nr albumu|numer indeksu",
        "name": "pełna nazwa|imię i nazwisko|nazwisko i imię|student|uczeń|uczestnik",
        "first": "imię|imiona",
        "last": "nazwisko",
        "email": "adres e-mail|adres email|adres poczty elektronicznej|adres mailowy|e-mail",
        "login": "nazwa użytkownika|użytkownik",
        "sis_id": "numer id|numer identyfikacyjny",
    },
    "pt": {
        "id": "identificador|id|matrícula|número de aluno|número de matrícula|ra",
        "name": "nome completo|estudante|aluno|aluno(a)",
        "first": "nome|primeiro nome|nome próprio",
        "last": "apelido|apelido(s)|sobrenome|último nome|nome de família",
        "email": "endereço de email|endereço de e-mail|endereço de correio eletrónico|e-mail|email|correio eletrónico",
        "login": "nome de utilizador|nome de usuário|identificação de usuário|usuário|utilizador",
        "sis_id": "número de identificação|número id|número de id",
    },
    "ro": {
        "id": "identificator|id|număr matricol|nr. matricol",
        "name": "nume complet|nume și prenume|student",
        "first": "prenume",
        "last": "nume|nume de familie",
        "email": "adresă de email|adresă e-mail|adresa de e-mail|adresă de e-mail",
        "login": "nume de utilizator|nume utilizator|utilizator",
        "sis_id": "număr identificator|număr de identificare|cod de identificare",
    },
    "ru": {
        "id": "идентификатор|номер студента|номер зачётной книжки",
        "name": "полное имя|фамилия и имя|имя и фамилия|фио|студент|учащийся",
        "first": "имя",
        "last": "фамилия",
        "email": "адрес электронной почты|электронная почта|эл. почта|почта",
        "login": "логин|имя пользователя",
        "sis_id": "индивидуальный номер|идентификационный номер|табельный номер",
    },
    "sk": {
        "id": "identifikátor|id",
        "name": "celé meno|študent",
        "first": "krstné meno|meno",
        "last": "priezvisko",
        "email": "e-mailová adresa|e-mail",
        "login": "používateľské meno|prihlasovacie meno",
        "sis_id": "identifikačné číslo|id číslo",
    },
    "sl": {
        "id": "identifikator|id|vpisna številka",
        "name": "polno ime|celotno ime|ime in priimek|študent",
        "first": "ime",
        "last": "priimek",
        "email": "e-poštni naslov|e-pošta",
        "login": "uporabniško ime",
        "sis_id": "id številka|identifikacijska številka",
    },
    "sv": {
        "id": "id|identifierare|personnummer",
        "name": "fullständigt namn|fullständiga namn|namn|student|elev",
        "first": "förnamn",
        "last": "efternamn",
        "email": "e-postadress|e-post|mejladress",
        "login": "användarnamn",
        "sis_id": "id-nummer|studentnummer",
    },
    "tr": {
        "id": "tanımlayıcı|öğrenci numarası|öğrenci no|numara|kimlik",
        "name": "tam adı|tam ad|ad soyad|adı soyadı|öğrenci",
        "first": "adı|ad",
        "last": "soyadı|soyad",
        "email": "e-posta adresi|e-posta|eposta|e-posta adres",
        "login": "kullanıcı adı",
        "sis_id": "kimlik numarası|id numarası|kimlik no",
    },
    "uk": {
        "id": "ідентифікатор|номер студента|номер залікової книжки",
        "name": "повне ім'я|прізвище та ім'я|ім'я та прізвище|піб|студент",
        "first": "ім'я|імя",
        "last": "прізвище",
        "email": "електронна пошта|адреса електронної пошти|електронна адреса|пошта|ел. пошта",
        "login": "ім'я входу|псевдо|логін|ім'я користувача",
        "sis_id": "id номер|ідентифікаційний номер|номер id|індивідуальний номер",
    },
    "vi": {
        "id": "mã số sinh viên|mssv|mã sinh viên|định danh",
        "name": "họ và tên|tên đầy đủ|họ tên|sinh viên",
        "first": "tên",
        "last": "họ|họ và tên đệm|tên họ",
        "email": "địa chỉ email|thư điện tử|địa chỉ thư điện tử",
        "login": "tên đăng nhập|tên truy cập|tên người dùng|kí danh",
        "sis_id": "mã số|mã id|số id",
    },
    "zh": {
        "id": "标识符|識別碼|编号|编号id|学号|學號|学生id|學生id|識別符",
        "name": "全名|姓名|姓氏名字|用户全名|學生|学生|學生姓名|学生姓名",
        "first": "名|名字",
        "last": "姓|姓氏",
        "email": "电子邮件地址|電子郵件信箱|電子郵件|电子邮件|邮箱|email地址|邮件地址|電子郵件地址|邮箱地址|電郵地址",
        "login": "用户名|使用者名稱|帳號|账号|登录名|登入名稱|登录|用戶名稱",
        "sis_id": "id号|id 号|id號碼|id 號碼|身份证号|編號",
    },
}  # fmt: skip

# In Canvas the words around "SIS" are translated and the abbreviation is not: the login's column says so, the other is
# the user's number.
_SIS = "sis"
_LOGIN_WORDS = (
    *("login", "log in", "sign in", "logg", "sesion", "sessio", "connexion", "conexao", "iniciar", "acesso", "accesso"),
    *("anmelde", "aanmeld", "inlog", "logowania", "вход", "вхід", "вход", "oturum", "giris", "kirjaut", "innlogg"),
    *("bejelentkez", "prihlas", "đang nhap", "συνδεση", "ログイン", "登录", "登入", "로그인", "تسجيل", "כניסה"),
)


def normal(heading: str) -> str:
    """A heading without case, accents, separators and marks of width."""
    decomposed = unicodedata.normalize("NFKD", folded(heading).replace("ı", "i"))
    return folded("".join(letter for letter in decomposed if not unicodedata.combining(letter)))


_WORDS: dict[str, dict[str, str]] = {
    language: {normal(word): role for role in ROLES for word in roles.get(role, "").split("|") if word}
    for language, roles in LANGUAGES.items()
}


def roles(headings: Sequence[str]) -> dict[int, str]:
    """Column -> what it holds, of the columns whose headings are known; each role once, the first column's."""
    cells = [normal(heading) for heading in headings]
    language = max(_WORDS, key=lambda each: len({_WORDS[each][cell] for cell in cells if cell in _WORDS[each]}))
    known = _WORDS["en"] | _WORDS[language]
    found: dict[int, str] = {}
    for column, cell in enumerate(cells):
        role = _of_canvas(cell) or known.get(cell)
        if role is not None and role not in found.values():
            found[column] = role
    return _family_names(found)


def _family_names(found: dict[int, str]) -> dict[int, str]:
    """A name beside a first name is the last name; a first name without a last one is the whole name."""
    have = set(found.values())
    if "first" in have and "last" not in have:
        change = {"name": "last"} if "name" in have else {"first": "name"}
        return {column: change.get(role, role) for column, role in found.items()}
    return found


def _of_canvas(cell: str) -> str | None:
    if _SIS not in cell.split() and not cell.startswith(_SIS):
        return None
    return "login" if any(normal(word) in cell for word in _LOGIN_WORDS) else "sis_id"
