"""Believable words, the same at every load: titles, descriptions, what people say."""

from __future__ import annotations

from random import Random

THINGS = (
    *("A tela de agendamento", "O laudo", "A impressora da recepção", "O visualizador", "A busca de exames"),
    *("O relatório mensal", "A integração com o faturamento", "A etiqueta", "O acesso remoto", "A fila de laudos"),
    *("O backup", "A assinatura digital", "O cadastro de pacientes", "A nota fiscal", "O portal do médico"),
)
TROUBLES = (
    *("não abre desde ontem", "está muito lento", "mostra o resultado errado", "pede a senha duas vezes"),
    *("fecha sozinho", "não imprime", "não encontra o paciente", "sai em branco", "trava ao salvar"),
    *("não aceita a data", "duplica o registro", "não envia o e-mail", "perdeu a configuração"),
)
PLACES = (
    "na unidade centro",
    "na sala 3",
    "no pronto-socorro",
    "na filial norte",
    "no setor financeiro",
    "na recepção",
)
SENTENCES = (
    "Começou depois da atualização de segunda-feira.",
    "Já reiniciamos o computador e o problema continua.",
    "Acontece com **todos** os usuários da sala.",
    "Só acontece quando o exame tem mais de 500 imagens.",
    "Segue a mensagem que aparece na tela:\n\n> Tempo esgotado ao falar com o servidor",
    "Os passos:\n\n1. abrir a lista\n2. escolher o paciente\n3. salvar",
    "Obrigado pelo retorno, vamos testar aqui e avisamos.",
    "Verificamos o registro do servidor e encontramos a causa: o disco estava cheio.",
    "Corrigimos a configuração. Por favor, teste novamente e nos diga se ficou bom.",
    "Pode nos enviar o número do exame e o horário aproximado?",
    "O exame é o 48213, por volta das 14h20.",
    "Estamos acompanhando com a equipe de infraestrutura.",
    "A operação está parada, precisamos de ajuda com urgência.",
    "Funcionou, muito obrigado!",
)
FIRST = (
    *("Alice", "Bento", "Clara", "Dario", "Elisa", "Fábio", "Gilda", "Hugo", "Inês", "João", "Kátia", "Lauro"),
    *("Mara", "Nilo", "Olívia", "Paulo", "Quitéria", "Rui", "Sílvia", "Tomás", "Úrsula", "Vítor", "Wanda", "Zeca"),
)
LAST = ("Abreu", "Braga", "Campos", "Dantas", "Esteves", "Farias", "Gomes", "Horta", "Leal", "Maia", "Neves", "Pinho")


def title(chance: Random) -> str:
    return f"{chance.choice(THINGS)} {chance.choice(TROUBLES)} {chance.choice(PLACES)}"


def paragraph(chance: Random) -> str:
    """Return one to four sentences, as light Markdown, never the same twice: no page may know it already."""
    said = chance.sample(SENTENCES, chance.choice((1, 1, 2, 2, 3, 4)))
    return "\n\n".join([*said, f"Protocolo {chance.randrange(10**9):09}."])


def person(chance: Random) -> str:
    return f"{chance.choice(FIRST)} {chance.choice(LAST)} {chance.choice(LAST)}"
