import { catalogue } from '../../words/index.js'

export const givingWords = catalogue({
  id: {
    give: { assign: 'Tugaskan', transfer: 'Serahkan' },
    giveTitle: { assign: (number: string) => `Tugaskan ${number}`, transfer: (number: string) => `Serahkan ${number}` },
    giveWhy: {
      assign: 'Kasus berpindah kepada petugas ini, siapa pun yang sedang memegangnya. Alasannya dicatat.',
      transfer: 'Kasus yang Anda pegang berpindah kepada petugas ini. Alasannya dicatat.',
    },
    giveTo: 'Petugas',
    giveNobody: 'Tidak ada petugas lain dengan peran untuk kantor kasus ini.',
    given: (name: string) => `Kasus sekarang dipegang ${name}.`,
    giveReasons: {
      BEBAN_KERJA: 'Membagi beban kerja',
      KEAHLIAN_KHUSUS: 'Memerlukan keahliannya',
      BERHALANGAN: 'Pemegang berhalangan',
      PERGANTIAN_GILIRAN: 'Pergantian giliran',
    },
  },
  en: {
    give: { assign: 'Assign', transfer: 'Hand on' },
    giveTitle: { assign: (number: string) => `Assign ${number}`, transfer: (number: string) => `Hand on ${number}` },
    giveWhy: {
      assign: 'The case goes to this officer, whoever holds it now. The reason is recorded.',
      transfer: 'The case that you hold goes to this officer. The reason is recorded.',
    },
    giveTo: 'Officer',
    giveNobody: 'Nobody else has a role for the office of this case.',
    given: (name: string) => `${name} holds the case now.`,
    giveReasons: {
      BEBAN_KERJA: 'To share the load',
      KEAHLIAN_KHUSUS: 'Asks for their skill',
      BERHALANGAN: 'The holder is away',
      PERGANTIAN_GILIRAN: 'Change of shift',
    },
  },
})
