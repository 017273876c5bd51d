import type { Naming } from './regions.js'

/** Given names, and what follows them: a further name or a family name. Empty `after`: some people have one name only. */
interface Names {
  readonly women: readonly string[]
  readonly men: readonly string[]
  readonly after: readonly string[]
  /** Of ten people, so many carry nothing after the given name. */
  readonly single: number
}

const words = (text: string): readonly string[] => text.trim().split(/\s*,\s*/)

/** Common names of each region, put together by chance: none is taken from a list of people. */
export const NAMES: Readonly<Record<Naming, Names>> = {
  jawa: {
    women: words(
      'Sri, Siti, Endang, Wahyuni, Ratna, Dwi, Tri, Rini, Lestari, Sulastri, Suparmi, Wulan, Retno, Yuni, Nur, Eka, Astuti, Murniati, Puji',
    ),
    men: words(
      'Agus, Bambang, Joko, Slamet, Sugeng, Budi, Eko, Dwi, Tri, Wahyu, Suparman, Sutrisno, Hadi, Mulyono, Sukirno, Yanto, Paijo, Heru, Purwanto',
    ),
    after: words(
      'Santoso, Wibowo, Utomo, Nugroho, Prasetyo, Setiawan, Kusuma, Hartono, Raharjo, Susanto, Widodo, Handoko, Saputro, Wijayanti, Rahayu, Purnomo',
    ),
    single: 3,
  },
  sunda: {
    women: words('Neneng, Euis, Iis, Cucu, Ai, Entin, Yayah, Imas, Tuti, Elis, Lilis, Rina, Dede, Nining, Yeyen, Ani'),
    men: words(
      'Asep, Dadang, Ujang, Cecep, Dedi, Encep, Deden, Yayan, Iwan, Endang, Maman, Aep, Tatang, Rudi, Wawan, Oman',
    ),
    after: words(
      'Suryana, Hidayat, Sutisna, Kurnia, Permana, Supriatna, Gunawan, Rohaeni, Nurhayati, Kusnadi, Sopandi, Mulyana, Rahmawati, Komarudin',
    ),
    single: 2,
  },
  batak: {
    women: words('Rotua, Tiur, Rosmaida, Duma, Lasma, Marni, Riris, Tiarma, Basaria, Romauli, Melva, Herlina, Nurmala'),
    men: words(
      'Parlindungan, Togar, Sahat, Binsar, Jonggi, Maruli, Hotman, Poltak, Bonar, Saut, Tumpal, Edison, Ramli',
    ),
    after: words(
      'Siregar, Simanjuntak, Nasution, Hutagalung, Sitompul, Panjaitan, Lubis, Harahap, Sihombing, Pasaribu, Ginting, Tarigan, Sembiring, Manurung, Purba',
    ),
    single: 0,
  },
  minang: {
    women: words(
      'Yusnidar, Rahmi, Upik, Fitri, Desmawati, Nurhayati, Gusniwati, Elvi, Wirda, Yenni, Syafrida, Mardiana',
    ),
    men: words('Syafril, Zulkifli, Afrizal, Yusrizal, Darwis, Indra, Rusdi, Asrul, Hendri, Irwan, Masrul, Basrizal'),
    after: words('Chaniago, Koto, Piliang, Tanjung, Sikumbang, Putra, Yanti, Marlina, Efendi, Nasir, Jamil, Yulianti'),
    single: 3,
  },
  melayu: {
    women: words(
      'Nurul, Siti, Rosmah, Zubaidah, Halimah, Fatimah, Maimunah, Rahmah, Aisyah, Salbiah, Norhayati, Khadijah, Masitah',
    ),
    men: words(
      'Muhammad, Ahmad, Abdul, Hasan, Ismail, Ridwan, Syahrul, Fahmi, Junaidi, Hamdan, Zainal, Mahmud, Rahmadi, Azhar',
    ),
    after: words(
      'Abdullah, Rahman, Hidayah, Iskandar, Arifin, Hakim, Saleh, Yusuf, Ramadhan, Fauzi, Hasanah, Sulaiman, Firdaus, Syahputra, Amalia',
    ),
    single: 1,
  },
  aceh: {
    women: words('Cut, Nurlaila, Mutia, Safrida, Rohani, Ainal, Husna, Nuraini, Zahara, Rauzah'),
    men: words('Teuku, Muzakir, Fakhri, Nasruddin, Marzuki, Saifullah, Razali, Azwar, Ilyas, Munawar'),
    after: words('Mardhiah, Iskandar, Hanafiah, Usman, Daud, Yusuf, Maulida, Zulfikar, Syamsuddin, Ibrahim'),
    single: 2,
  },
  bali: {
    women: words('Ni Wayan, Ni Made, Ni Nyoman, Ni Ketut, Ni Putu, Ni Kadek, Ni Komang, Ni Luh'),
    men: words('I Wayan, I Made, I Nyoman, I Ketut, I Putu, I Kadek, I Komang, I Gede'),
    after: words(
      'Sudiarta, Suryani, Astawa, Wirawan, Sukerti, Darmawan, Suardana, Artini, Budiasa, Sutrisna, Widiastuti, Mahendra, Parwati, Yasa',
    ),
    single: 0,
  },
  bugis: {
    women: words(
      'Andi, Hasnah, Rosmini, Nurhaedah, Hamsinah, Jumriati, Sitti, Murni, Saenab, Kartini, Rahmatia, Suriani',
    ),
    men: words(
      'Andi, Baso, Syamsul, Muhlis, Amiruddin, Syarifuddin, Hamzah, Rusli, Sudirman, Arifuddin, Jufri, Kamaruddin',
    ),
    after: words(
      'Tenri, Rahim, Mappanyukki, Dahlan, Hasanuddin, Daeng Sewang, Bahar, Latif, Makmur, Paturusi, Massi, Ramli',
    ),
    single: 2,
  },
  minahasa: {
    women: words('Meiske, Jeane, Olga, Selvie, Fransiska, Vonny, Grace, Deysi, Merry, Altje, Novita'),
    men: words('Jefry, Stenly, Ferry, Hengky, Robby, Denny, Noldy, Steven, Jemmy, Marthen, Ronny'),
    after: words('Mandagi, Rompas, Tumbelaka, Wowor, Pangemanan, Lumentut, Kawilarang, Sondakh, Moniaga, Mamahit'),
    single: 0,
  },
  timur: {
    women: words('Maria, Yuliana, Margaretha, Theresia, Kristina, Ester, Adriana, Yosefina, Elisabeth, Dorkas'),
    men: words('Yohanes, Petrus, Markus, Daniel, Stefanus, Benyamin, Semuel, Antonius, Melkianus, Fransiskus'),
    after: words(
      'Latuheru, Pattiasina, Nahak, Bere, Manuputty, Leiwakabessy, Tefa, Sapulette, Da Silva, Ndun, Lopo, Rumahorbo',
    ),
    single: 0,
  },
  papua: {
    women: words('Yohana, Martha, Yakomina, Orpa, Naomi, Ribka, Paulina, Selina, Yosina, Agustina'),
    men: words('Yulianus, Otniel, Yance, Lukas, Frans, Isak, Natalis, Elias, Barnabas, Yakob'),
    after: words('Wenda, Kogoya, Rumbiak, Wanggai, Tabuni, Yikwa, Mandacan, Korwa, Krey, Imbiri, Gebze, Mahuze'),
    single: 0,
  },
  tionghoa: {
    women: words('Lina, Fenny, Yulia, Susanti, Mei Ling, Vivian, Cynthia, Jessica, Erlina, Silvia'),
    men: words('Hendra, Rudy, Andi, Kevin, Willy, Edy, Suryadi, Steven, Johan, Benny'),
    after: words('Wijaya, Tanuwijaya, Halim, Gunawan, Salim, Kusuma, Lim, Tan, Hartanto, Susilo, Santosa, Limanto'),
    single: 0,
  },
}
